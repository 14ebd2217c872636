package dev.postbus.cert.foreign;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of a certificate and its key, as they were at one moment. Prints nothing of them. */
final class PairBytes {
  /**
   * What a file is to be.
   *
   * @param megabytes how large it may be at most
   * @param variable where another file can be named
   */
  private record Kind(String words, int megabytes, String variable) {
    static final Kind PEM = new Kind("a PEM file", 1, "tls_external_cert_and_key");
    static final Kind STORE = new Kind("Traefik's acme.json", 4, "PATH_TO_SSL");

    int bytes() {
      return megabytes << 20;
    }
  }

  private final byte[] certificate;
  private final byte @Nullable [] key;

  /**
   * Two files, or one that holds many pairs.
   *
   * @param key null where there is one file
   */
  PairBytes(byte[] certificate, byte @Nullable [] key) {
    this.certificate = certificate;
    this.key = key;
  }

  /** Not to be changed. */
  byte[] certificate() {
    return certificate;
  }

  ForeignPair parse(PairParser parser, List<String> names) throws UnusablePair {
    return key == null
        ? parser.parseStore(certificate, names)
        : parser.parse(certificate, key, names);
  }

  /** Reads files that were found; they are not links any more. */
  static PairBytes read(ForeignSource source, FileState certificate, FileState key, PairFiles named)
      throws UnusablePair, IOException {
    var bounds = Bounds.of(source);
    return source instanceof ForeignSource.TraefikFile
        ? new PairBytes(read(certificate, bounds, named.certificate(), Kind.STORE), null)
        : new PairBytes(
            read(certificate, bounds, named.certificate(), Kind.PEM),
            read(key, bounds, named.key(), Kind.PEM));
  }

  private static byte[] read(FileState file, Bounds bounds, Path named, Kind kind)
      throws UnusablePair {
    if (!bounds.hold(file.real())) {
      throw refusal(
          "%s is a link to %s, outside of %s: put the file itself there, or name it in %s"
              .formatted(named, file.real(), bounds.folders(), kind.variable()),
          false);
    }
    if (Files.isDirectory(file.real(), LinkOption.NOFOLLOW_LINKS)) {
      throw refusal(named + " is a folder; it must be " + kind.words(), false);
    }
    if (!Files.isRegularFile(file.real(), LinkOption.NOFOLLOW_LINKS)
        || file.size() > kind.bytes()) {
      throw refusal(
          "%s must be an ordinary file of at most %d MiB".formatted(named, kind.megabytes()),
          false);
    }
    try (var in = Files.newInputStream(file.real(), LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(kind.bytes());
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
      return key == null ? sha.digest() : sha.digest(key);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "certificates of %d bytes with their keys".formatted(certificate.length);
  }
}
