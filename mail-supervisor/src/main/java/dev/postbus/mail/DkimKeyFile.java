package dev.postbus.mail;

import dev.postbus.certificates.Pem;
import dev.postbus.events.DurableFile;
import dev.postbus.supervision.Account;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;

/**
 * The file of the key that mail is signed with. It is made once; a file that is there already, from
 * an earlier start or mounted from a public relay, is used and never written to.
 */
final class DkimKeyFile {
  private static final int BITS = 2048;
  private static final int FEWEST_BITS = 1024;

  private final Path file;
  private final Account owner;

  /**
   * A key file.
   *
   * @param file its folder exists and belongs to {@code owner} alone
   * @param owner who signs with it
   */
  DkimKeyFile(Path file, Account owner) {
    this.file = file;
    this.owner = owner;
  }

  /**
   * The key's public part; the key is made if there is no file.
   *
   * @throws IllegalStateException if the file is there and cannot be used
   */
  RSAPublicKey open() {
    try {
      // A link that leads nowhere is somebody's key too, which is only not mounted yet.
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        make();
      }
      protect();
      var key = RsaPrivateKeyPem.publicPart(Files.readString(file, StandardCharsets.ISO_8859_1));
      if (key.isEmpty() || key.get().getModulus().bitLength() < FEWEST_BITS) {
        throw new IllegalStateException(
            file
                + " is not an RSA private key of at least "
                + FEWEST_BITS
                + " bits in PEM (PKCS#8 or PKCS#1, without a password): put the right key there, or"
                + " move the file away to have a new key made, which must then be put into DNS");
      }
      return key.get();
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + " cannot be used: it must be readable by root and by opendkim's user", e);
    }
  }

  private void make() throws IOException {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      var pem = Pem.of(generator.generateKeyPair().getPrivate());
      // The folder is closed to everybody else while the file has not got its mode yet.
      DurableFile.write(file, pem.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }

  /** Gives the file its owner and mode, unless it has them: it may be mounted read-only. */
  private void protect() throws IOException {
    var closed = PosixFilePermissions.fromString("rw-------");
    if (!Files.getAttribute(file, "unix:uid").equals(owner.uid())) {
      Files.setAttribute(file, "unix:uid", owner.uid());
    }
    if (!closed.containsAll(Files.getPosixFilePermissions(file))) {
      Files.setPosixFilePermissions(file, closed);
    }
  }
}
