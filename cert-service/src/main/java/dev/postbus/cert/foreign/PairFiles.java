package dev.postbus.cert.foreign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which files of a source are the certificate and the key, as they are now.
 *
 * @param certificate as it is named, perhaps a link
 * @param key likewise; the same file where one holds both
 */
record PairFiles(Path certificate, Path key) {
  /** Names that managers give, in the order in which they are looked for. */
  private record Names(List<String> certificates, List<String> keys) {
    static Names of(String certificate, String key) {
      return new Names(List.of(certificate), List.of(key));
    }
  }

  private static List<Names> known(String domain) {
    return List.of(
        // certbot, acmetool, and dumpers that are told to.
        new Names(List.of("fullchain.pem", "fullchain"), List.of("privkey.pem", "privkey")),
        // A secret of Kubernetes.
        Names.of("tls.crt", "tls.key"),
        // Caddy's storage.
        Names.of(domain + ".crt", domain + ".key"),
        // Dumpers of Traefik's acme.json, with a folder a domain and without.
        Names.of("certificate.crt", "privatekey.key"),
        Names.of("cert.pem", "key.pem"),
        Names.of("certs/" + domain + ".crt", "private/" + domain + ".key"));
  }

  /** The pair, or nothing while one of the two is missing. */
  static Optional<PairFiles> in(ForeignSource source) {
    return switch (source) {
      case ForeignSource.TwoFiles files ->
          isThere(files.certificate()) && isThere(files.key())
              ? Optional.of(new PairFiles(files.certificate(), files.key()))
              : Optional.empty();
      case ForeignSource.TraefikFile store ->
          isThere(store.file())
              ? Optional.of(new PairFiles(store.file(), store.file()))
              : Optional.empty();
      case ForeignSource.Folder folder ->
          known(folder.domain()).stream().flatMap(names -> in(folder, names).stream()).findFirst();
    };
  }

  private static Optional<PairFiles> in(ForeignSource.Folder folder, Names names) {
    var certificate = first(folder.folder(), names.certificates());
    var key = first(folder.folder(), names.keys());
    return certificate.isPresent() && key.isPresent()
        ? Optional.of(new PairFiles(certificate.get(), key.get()))
        : Optional.empty();
  }

  private static Optional<Path> first(Path folder, List<String> names) {
    return names.stream().map(folder::resolve).filter(PairFiles::isThere).findFirst();
  }

  /**
   * Not by {@link Files#exists}, which asks access(2): that leaves out this process's capabilities,
   * and so what only they let it see.
   */
  private static boolean isThere(Path file) {
    try {
      Files.readAttributes(file, BasicFileAttributes.class);
      return true;
    } catch (IOException absent) {
      return false;
    }
  }

  /** Every file that could be one of a pair. */
  static List<Path> candidates(ForeignSource source) {
    return switch (source) {
      case ForeignSource.TwoFiles files -> List.of(files.certificate(), files.key());
      case ForeignSource.TraefikFile store -> List.of(store.file());
      case ForeignSource.Folder folder -> {
        var all = new ArrayList<Path>();
        for (var names : known(folder.domain())) {
          names.certificates().forEach(name -> all.add(folder.folder().resolve(name)));
          names.keys().forEach(name -> all.add(folder.folder().resolve(name)));
        }
        yield all;
      }
    };
  }

  /** What is missing, in words. */
  static String missing(ForeignSource source) {
    return switch (source) {
      case ForeignSource.TwoFiles files ->
          List.of(files.certificate(), files.key()).stream()
              .filter(file -> !isThere(file))
              .map(PairFiles::absence)
              .reduce((one, other) -> one + "; " + other)
              .orElse("the files changed while they were looked at");
      case ForeignSource.TraefikFile store -> absence(store.file());
      case ForeignSource.Folder folder -> {
        if (!Files.isDirectory(folder.folder())) {
          yield absence(folder.folder());
        }
        var there =
            candidates(source).stream()
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .map(file -> isThere(file) ? file.getFileName() + " is there" : absence(file))
                .toList();
        yield "there is no certificate with its key in %s: it should hold fullchain.pem and"
                .formatted(folder.folder())
            + " privkey.pem (also known: without .pem; tls.crt and tls.key; "
            + folder.domain()
            + ".crt and .key; certificate.crt and privatekey.key; cert.pem and key.pem)"
            + (there.isEmpty() ? "" : "; " + String.join(", ", there));
      }
    };
  }

  private static String absence(Path file) {
    try {
      return Files.isSymbolicLink(file)
          ? file
              + " is a link to "
              + Files.readSymbolicLink(file)
              + ", which is not there: where only a part of the manager's folder is mounted, mount all of it"
          : Files.exists(file, LinkOption.NOFOLLOW_LINKS)
              ? file + " is not a folder"
              : file + " is not there, or may not be seen by this service's user";
    } catch (IOException e) {
      return file + " cannot be looked at";
    }
  }
}
