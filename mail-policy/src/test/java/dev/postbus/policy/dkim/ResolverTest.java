package dev.postbus.policy.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.testing.FreePort;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolverTest {
  @TempDir Path folder;

  @Test
  void textIsFoundWholeWhateverItsLength() throws Exception {
    var port = FreePort.any();
    var longText = "v=DKIM1;p=" + "x".repeat(3000);
    var records =
        List.of(
            LocalDns.txt("a._domainkey.alpha.test", longText),
            "two.test. TXT \"one\"",
            "two.test. TXT \"two\"",
            "address.test. A 127.0.0.1");

    try (var dns = LocalDns.serve(folder, port, records)) {
      var resolver = new Resolver(port);

      assertThat(resolver.txt("a._domainkey.alpha.test")).containsExactly(longText);
      assertThat(resolver.txt("A._DomainKey.Alpha.TEST")).containsExactly(longText);
      assertThat(resolver.txt("two.test")).containsExactlyInAnyOrder("one", "two");
      assertThat(resolver.txt("address.test")).isEmpty();
      assertThat(resolver.txt("none.test")).isEmpty();
      assertThat(resolver.txt("not a..name")).isEmpty();
      assertThat(dns).isNotNull();
    }
  }

  @Test
  void aFailureIsNotTakenForAnAbsentRecord() throws Exception {
    var port = FreePort.any();
    try (var dns = LocalDns.serve(folder, port, List.of())) {
      assertThatThrownBy(() -> new Resolver(port).txt("sel._domainkey.broken.test"))
          .isInstanceOf(TxtLookup.NoAnswer.class)
          .hasMessageContaining("SERVFAIL");
      assertThat(dns).isNotNull();
    }
  }

  @Test
  void silenceIsNotTakenForAnAbsentRecord() throws IOException {
    try (var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      var resolver = new Resolver(silent.getLocalPort(), Duration.ofMillis(50));

      assertThatThrownBy(() -> resolver.txt("sel._domainkey.alpha.test"))
          .isInstanceOf(TxtLookup.NoAnswer.class);
    }
  }
}
