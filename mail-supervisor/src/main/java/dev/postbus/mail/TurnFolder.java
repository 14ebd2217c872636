package dev.postbus.mail;

import dev.postbus.events.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * What this relay and a coturn beside it have in common, in a folder that whoever runs one lays
 * down: a secret, made once, and coturn's settings with it. The server relays to the outside only:
 * nobody reaches this host's networks through it (RFC 8656, section 21.1.6).
 *
 * @param folder {@code turn} in the state folder; without it, nothing is done
 * @param policyUid who makes clients' credentials of the secret
 */
record TurnFolder(Path folder, int policyUid) {
  static final int LEAST_PORT = 49152;
  static final int MOST_PORT = 49191;

  private static final int SECRET_BYTES = 32;
  private static final Set<String> INSIDE =
      Set.of(
          "0.0.0.0-0.255.255.255",
          "10.0.0.0-10.255.255.255",
          "100.64.0.0-100.127.255.255",
          "127.0.0.0-127.255.255.255",
          "169.254.0.0-169.254.255.255",
          "172.16.0.0-172.31.255.255",
          "192.0.0.0-192.0.0.255",
          "192.168.0.0-192.168.255.255",
          "198.18.0.0-198.19.255.255",
          "240.0.0.0-255.255.255.255",
          "::1",
          "64:ff9b::-64:ff9b::ffff:ffff",
          "fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
          "fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

  /** The secret's file. */
  Path secret() {
    return folder.resolve("secret");
  }

  /** coturn's settings. */
  Path settings() {
    return folder.resolve("turnserver.conf");
  }

  /** Whether somebody laid the folder down. */
  boolean isThere() {
    return Files.isDirectory(folder);
  }

  /**
   * Makes what is missing, and writes the settings anew.
   *
   * @param domain the relay's, coturn's realm
   * @param turnUid the only one beside root who reads the settings
   * @throws UncheckedIOException if that cannot be written
   */
  void prepare(String domain, int turnUid) {
    try {
      // Others may pass through, as both files have owners of their own.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
      if (!Files.exists(secret(), LinkOption.NOFOLLOW_LINKS)) {
        var bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        write(secret(), HexFormat.of().formatHex(bytes), policyUid);
      }
      var shared = Files.readString(secret(), StandardCharsets.US_ASCII).strip();
      write(settings(), text(domain, shared), turnUid);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be prepared for coturn", e);
    }
  }

  private static String text(String domain, String secret) {
    var text = new StringBuilder();
    for (var line :
        new String[] {
          "listening-port=3478",
          "min-port=" + LEAST_PORT,
          "max-port=" + MOST_PORT,
          "realm=" + domain,
          "use-auth-secret",
          "static-auth-secret=" + secret,
          "fingerprint",
          "no-tcp-relay",
          "no-tls",
          "no-dtls",
          "no-cli",
          "no-multicast-peers",
          "no-software-attribute",
          "userdb=/tmp/turndb",
          "pidfile=/tmp/turnserver.pid",
          "simple-log",
          "log-file=/dev/null",
          "user-quota=12",
          "total-quota=40"
        }) {
      text.append(line).append('\n');
    }
    INSIDE.stream()
        .sorted()
        .forEach(range -> text.append("denied-peer-ip=").append(range).append('\n'));
    return text.toString();
  }

  /** Nobody but root reads it before it has its owner: what is written first has this name. */
  private static void write(Path file, String content, int uid) throws IOException {
    var fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    DurableFile.write(file, content.getBytes(StandardCharsets.US_ASCII));
    Files.setAttribute(file, "unix:uid", uid);
  }
}
