package dev.postbus.cert.foreign;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The bytes of a certificate and its key, as they were at one moment. Prints nothing of them. */
final class PairBytes {
  private static final long LARGEST = 1 << 20;

  private final byte[] certificate;
  private final byte[] key;

  PairBytes(byte[] certificate, byte[] key) {
    this.certificate = certificate;
    this.key = key;
  }

  ForeignPair parse(PairParser parser, List<String> names) throws UnusablePair {
    return parser.parse(certificate, key, names);
  }

  /** Reads files that were found; they are not links any more. */
  static PairBytes read(FileState certificate, FileState key, Bounds bounds, PairFiles named)
      throws UnusablePair {
    return new PairBytes(
        read(certificate, bounds, named.certificate()), read(key, bounds, named.key()));
  }

  private static byte[] read(FileState file, Bounds bounds, Path named) throws UnusablePair {
    if (!bounds.hold(file.real())) {
      throw refusal(
          "%s is a link to %s, outside of %s: put the file itself there, or name it in tls_external_cert_and_key"
              .formatted(named, file.real(), bounds.folders()),
          false);
    }
    if (Files.isDirectory(file.real(), LinkOption.NOFOLLOW_LINKS)) {
      throw refusal(named + " is a folder; it must be a PEM file", false);
    }
    if (!Files.isRegularFile(file.real(), LinkOption.NOFOLLOW_LINKS) || file.size() > LARGEST) {
      throw refusal(named + " must be an ordinary file of at most 1 MiB", false);
    }
    try (var in = Files.newInputStream(file.real(), LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes((int) LARGEST);
    } catch (AccessDeniedException e) {
      throw refusal(
          ("%s may not be read by user %d, under which cert-service runs: let it read the file, or"
                  + " start with USE_FOREIGN_CERT_MANAGER=true, which lets it read all")
              .formatted(named, Privileges.ofThisProcess().uid()),
          false);
    } catch (IOException e) {
      throw refusal(named + " cannot be read: " + e.getClass().getSimpleName(), true);
    }
  }

  private static UnusablePair refusal(String why, boolean perhapsHalf) {
    return new UnusablePair(List.of(why), perhapsHalf);
  }

  /** SHA-256 over both, to tell whether they are the same as others. */
  byte[] digest() {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(certificate);
      sha.update(new byte[] {0});
      return sha.digest(key);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "a certificate of %d bytes and its key".formatted(certificate.length);
  }
}
