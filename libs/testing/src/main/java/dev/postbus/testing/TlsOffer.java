package dev.postbus.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What a listener on loopback agrees to by TLS, asked by openssl, which also speaks what Java does
 * not any more.
 *
 * @param port of the listener
 * @param starttls {@code smtp} or {@code imap}; empty where TLS begins at once
 * @param alpn what is wanted of a port for several protocols; empty if nothing is said of that
 */
public record TlsOffer(int port, String starttls, String alpn) {
  private static final Pattern AGREED = Pattern.compile("(?m)^Ciphersuite: (\\S+)$");
  // Also what openssl itself holds to be weak.
  private static final String ANYTHING = "ALL:COMPLEMENTOFALL";
  private static final List<String> OF_1_3 =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_128_CCM_SHA256",
          "TLS_AES_128_CCM_8_SHA256");

  /** Versions of TLS, by openssl's options. */
  public enum Version {
    /** RFC 2246. */
    TLS_1_0("-tls1"),
    /** RFC 4346. */
    TLS_1_1("-tls1_1"),
    /** RFC 5246. */
    TLS_1_2("-tls1_2"),
    /** RFC 8446. */
    TLS_1_3("-tls1_3");

    private final String option;

    Version(String option) {
      this.option = option;
    }
  }

  /**
   * The cipher suites that are agreed to, by openssl's names, in the listener's order if it has
   * one. Each is left out of the next offer until nothing is agreed to any more.
   */
  public Set<String> suites(Version version) throws IOException, InterruptedException {
    var agreed = new LinkedHashSet<String>();
    while (true) {
      var suite = agree(version, agreed);
      if (suite.isEmpty()) {
        return agreed;
      }
      if (!agreed.add(suite)) {
        throw new IOException(suite + " was agreed to without being offered");
      }
    }
  }

  private String agree(Version version, Set<String> without)
      throws IOException, InterruptedException {
    var command =
        new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-brief"));
    command.add(version.option);
    if (version == Version.TLS_1_3) {
      var left = new ArrayList<>(OF_1_3);
      left.removeAll(without);
      if (left.isEmpty()) {
        return "";
      }
      command.addAll(List.of("-ciphersuites", String.join(":", left)));
    } else {
      var offer = new StringBuilder(ANYTHING);
      without.forEach(suite -> offer.append(":!").append(suite));
      command.addAll(List.of("-cipher", offer + ":@SECLEVEL=0"));
    }
    if (!starttls.isEmpty()) {
      command.addAll(List.of("-starttls", starttls));
    }
    if (!alpn.isEmpty()) {
      command.addAll(List.of("-alpn", alpn));
    }
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("openssl did not end: " + String.join(" ", command));
    }
    if (said.contains("Connection refused")) {
      throw new IOException("nobody listens on port " + port);
    }
    var suite = AGREED.matcher(said);
    return suite.find() ? suite.group(1) : "";
  }
}
