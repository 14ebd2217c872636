package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostfixGreetingTest {
  @TempDir Path folder;

  @Test
  void onlyTheFilesInForceCount() throws IOException {
    var old = Files.createDirectories(folder.resolve("1/postfix"));
    var now = Files.createDirectories(folder.resolve("11/postfix"));
    Files.createSymbolicLink(folder.resolve("current"), Path.of("11"));
    var greeting = new PostfixGreeting(folder.resolve("current/postfix"));

    assertThat(greeting.isOfFilesInForce("220 relay.test" + now.toRealPath())).isTrue();
    assertThat(greeting.isOfFilesInForce("220 relay.test" + old.toRealPath())).isFalse();
    assertThat(greeting.isOfFilesInForce("421 relay.test" + now.toRealPath())).isFalse();
  }

  @Test
  void thePortIsTheOneThatIsConfigured() throws IOException {
    Files.writeString(
        folder.resolve("master.cf"),
        """
        25 inet n - n - 100 smtpd
          -o smtpd_proxy_filter=127.0.0.1:10081
        127.0.0.1:12025 inet n - n - - smtpd
        127.0.0.1:12026 inet n - n - - smtpd
        """);

    assertThat(new PostfixGreeting(folder).port()).isEqualTo(12025);
  }

  @Test
  void beforeThereAreFilesNothingIsReady() {
    var greeting = new PostfixGreeting(folder.resolve("current/postfix"));

    assertThat(greeting.port()).isZero();
    assertThat(greeting.isOfFilesInForce("220 relay.test")).isFalse();
  }
}
