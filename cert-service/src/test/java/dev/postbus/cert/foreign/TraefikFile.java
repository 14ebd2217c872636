package dev.postbus.cert.foreign;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Traefik's {@code acme.json} as versions 2 and 3 write it. */
final class TraefikFile {
  private final Map<String, List<String>> resolvers = new LinkedHashMap<>();

  /** Adds a certificate of a resolver. */
  TraefikFile resolver(String name, Made made) {
    return resolver(name, Made.DOMAIN, made.certificateFile(), made.keyFile());
  }

  TraefikFile resolver(String name, String domain, byte[] certificate, byte[] key) {
    resolvers
        .computeIfAbsent(name, fresh -> new ArrayList<>())
        .add(
            """
            {
              "domain": {"main": "%s", "sans": ["www.%s"]},
              "certificate": "%s",
              "key": "%s",
              "Store": "default"
            }"""
                .formatted(domain, domain, base64(certificate), base64(key)));
    return this;
  }

  /** A resolver that has ordered nothing. */
  TraefikFile idle(String name) {
    resolvers.put(name, List.of());
    return this;
  }

  String text() {
    var all = new ArrayList<String>();
    resolvers.forEach(
        (name, certificates) ->
            all.add(
                """
                "%s": {
                  "Account": {
                    "Email": "admin@relay.test",
                    "Registration": {"body": {"status": "valid"}, "uri": "https://ca.test/acct/1"},
                    "PrivateKey": "%s",
                    "KeyType": "4096"
                  },
                  "Certificates": %s
                }"""
                    .formatted(
                        name,
                        base64(new byte[300]),
                        certificates.isEmpty() ? "null" : certificates.toString())));
    return "{" + String.join(",", all) + "}";
  }

  byte[] bytes() {
    return text().getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
