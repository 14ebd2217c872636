package dev.postbus.cert.acme;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An ACME certification authority.
 *
 * @param directory its directory (RFC 8555, section 7.1.1)
 * @param trust PEM file of the roots that its server is trusted by, in place of the JDK's
 * @param binding file with the key that binds the account to one elsewhere (section 7.3.4)
 */
public record Authority(URI directory, Optional<Path> trust, Optional<Path> binding) {
  private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9.-]+");

  /** Its folder's name: the address in letters that a file name can have. */
  String folderName() {
    return UNFIT.matcher(directory.getAuthority() + directory.getPath()).replaceAll("_");
  }

  /** By which domain CAA records may name it, where it does not say: the one that it is below. */
  String guessedIdentity() {
    var labels = directory.getHost().split("\\.");
    return labels.length < 2
        ? directory.getHost()
        : labels[labels.length - 2] + "." + labels[labels.length - 1];
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
