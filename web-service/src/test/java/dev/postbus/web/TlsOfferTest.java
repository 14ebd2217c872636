package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.testing.FreePort;
import dev.postbus.testing.MadeKey;
import dev.postbus.testing.TlsOffer;
import dev.postbus.testing.TlsOffer.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** It would find what should not be offered. */
class TlsOfferTest {
  @TempDir Path folder;

  @Test
  void whatAServerStillSpeaksIsFound() throws Exception {
    var key = folder.resolve("key.pem");
    var certificate = MadeKey.in(key, "old.test").writeCertificate(folder.resolve("cert.pem"));
    var port = FreePort.any();
    var server =
        new ProcessBuilder(
                List.of(
                    "openssl",
                    "s_server",
                    "-accept",
                    "127.0.0.1:" + port,
                    "-cert",
                    certificate.toString(),
                    "-key",
                    key.toString(),
                    "-tls1",
                    "-quiet",
                    "-cipher",
                    "ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA:AECDH-AES128-SHA:@SECLEVEL=0"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Awaitility.await().until(() -> !FreePort.is(port));
      var offer = new TlsOffer(port, "", "");

      assertThat(offer.suites(Version.TLS_1_0))
          .containsExactlyInAnyOrder(
              "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA", "AECDH-AES128-SHA");
      assertThat(offer.suites(Version.TLS_1_2)).isEmpty();
      assertThat(offer.suites(Version.TLS_1_3)).isEmpty();
    } finally {
      server.destroy();
    }
  }

  @Test
  void whereNobodyListensNothingIsSaidOfSuites() {
    assertThatThrownBy(() -> new TlsOffer(FreePort.any(), "", "").suites(Version.TLS_1_2))
        .isInstanceOf(IOException.class);
  }
}
