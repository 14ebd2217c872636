package dev.postbus.bench.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The two files of a foreign manager, replaced by a rename each.
 *
 * @param folder where they are
 * @param owner whose they are, a numeric id; nobody else may read the key
 */
public record KeptPair(Path folder, int owner) {
  /** The chain's file. */
  public Path certificate() {
    return folder.resolve("fullchain.pem");
  }

  /** The key's file. */
  public Path key() {
    return folder.resolve("privkey.pem");
  }

  /**
   * Replaces both.
   *
   * @return when the second rename was done, by {@link System#nanoTime}
   */
  public long replace(MadePair pair) throws IOException {
    var newKey = prepare(key(), pair.key(), "rw-------");
    var newCertificate = prepare(certificate(), pair.chain(), "rw-r--r--");
    Files.move(newKey, key(), StandardCopyOption.ATOMIC_MOVE);
    Files.move(newCertificate, certificate(), StandardCopyOption.ATOMIC_MOVE);
    return System.nanoTime();
  }

  private Path prepare(Path file, String text, String mode) throws IOException {
    var fresh = file.resolveSibling("." + file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    Files.writeString(fresh, text);
    Files.setAttribute(fresh, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
    return fresh;
  }
}
