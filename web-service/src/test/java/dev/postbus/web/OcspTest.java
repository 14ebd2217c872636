package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.supervision.Commands;
import dev.postbus.testing.FreePort;
import dev.postbus.testing.MadeKey;
import dev.postbus.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With OpenSSL as authority, as its responder and as the client. */
class OcspTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void whatTheAuthoritySaysOfTheCertificateIsServedWithIt() throws Exception {
    // Given an authority that has issued a certificate, and answers about it
    var port = FreePort.any();
    issue(port);
    try (var responder = responder(port);
        var nginx = RunningNginx.start(Map.of())) {
      assertThat(responder).isNotNull();
      assertThat(status(nginx)).contains("OCSP response: no response sent");

      // When it is taken up
      nginx.take(List.of(certificate("leaf.pem"), certificate("ca.pem")), key());

      // Then clients need not ask: nginx does at the first of them, who may not wait for it
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(status(nginx))
                      .contains("OCSP Response Status: successful", "Cert Status: good"));
    }
  }

  @Test
  void aCertificateWithoutAResponderNamesNone() throws Exception {
    var made = MadeKey.in(folder.resolve("made.pem"), RunningNginx.DOMAIN);

    assertThat(OcspResponder.isNamedIn(made.certificate())).isFalse();
  }

  private void issue(int port) throws IOException {
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
        "-subj",
        "/CN=authority",
        "-days",
        "30");
    openssl(
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "leaf.key",
        "-out",
        "leaf.csr",
        "-subj",
        "/CN=" + RunningNginx.DOMAIN);
    Files.writeString(
        folder.resolve("leaf.ext"),
        "subjectAltName=DNS:%s\nauthorityInfoAccess=OCSP;URI:http://127.0.0.1:%d\n"
            .formatted(RunningNginx.DOMAIN, port));
    openssl(
        "x509",
        "-req",
        "-in",
        "leaf.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-set_serial",
        "0x1000",
        "-days",
        "20",
        "-extfile",
        "leaf.ext",
        "-out",
        "leaf.pem");
    Files.writeString(
        folder.resolve("index.txt"),
        "V\t400101000000Z\t\t1000\tunknown\t/CN=" + RunningNginx.DOMAIN + "\n");
  }

  private TestDaemon responder(int port) throws Exception {
    var log = folder.resolve("responder.log");
    return TestDaemon.start(
        List.of(
            "openssl",
            "ocsp",
            "-port",
            "" + port,
            "-index",
            path("index.txt"),
            "-rsigner",
            path("ca.pem"),
            "-rkey",
            path("ca.key"),
            "-CA",
            path("ca.pem"),
            "-ndays",
            "1"),
        Map.of(),
        log,
        // It takes one client at a time, and would wait for what a probe's connection has to say.
        () -> Files.readString(log).contains("waiting for OCSP client connections"));
  }

  private static String status(RunningNginx nginx) {
    return Commands.run(
            List.of(
                "openssl",
                "s_client",
                "-status",
                "-connect",
                "127.0.0.1:" + nginx.ports().https(),
                "-servername",
                RunningNginx.DOMAIN),
            LONG)
        .output();
  }

  private void openssl(String... arguments) {
    var command = new ArrayList<>(List.of("env", "-C", folder.toString(), "openssl"));
    command.addAll(List.of(arguments));
    var result = Commands.run(command, LONG);
    assertThat(result.succeeded()).as(result.output()).isTrue();
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private X509Certificate certificate(String name) throws Exception {
    try (var in = Files.newInputStream(folder.resolve(name))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private PrivateKey key() throws Exception {
    var pem = Files.readString(folder.resolve("leaf.key"));
    var der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }
}
