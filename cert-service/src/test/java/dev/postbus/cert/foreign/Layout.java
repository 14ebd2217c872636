package dev.postbus.cert.foreign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;

/** How foreign managers lay out their files, and how each of them replaces a pair. */
enum Layout {
  /** Two files, each replaced by a rename. */
  PLAIN {
    @Override
    void put(Path root, int number, Made made) throws IOException {
      rename(root.resolve("fullchain.pem"), made.certificatePem());
      rename(root.resolve("privkey.pem"), made.keyPem());
    }
  },
  /** Two files without an ending, written over in pieces. */
  WRITTEN_IN_PLACE {
    @Override
    void put(Path root, int number, Made made) throws IOException {
      pieces(root.resolve("privkey"), made.keyPem());
      pieces(root.resolve("fullchain"), made.certificatePem());
    }
  },
  /** Links in live/DOMAIN to numbered files in archive/DOMAIN, replaced one by one. */
  CERTBOT {
    @Override
    Path folder(Path root) {
      return root.resolve("live/" + Made.DOMAIN);
    }

    @Override
    void put(Path root, int number, Made made) throws IOException {
      var archive = Files.createDirectories(root.resolve("archive/" + Made.DOMAIN));
      var live = Files.createDirectories(folder(root));
      Files.writeString(archive.resolve("privkey" + number + ".pem"), made.keyPem());
      Files.writeString(archive.resolve("fullchain" + number + ".pem"), made.certificatePem());
      for (var kind : new String[] {"privkey", "fullchain"}) {
        // certbot removes a link and makes it anew.
        Files.deleteIfExists(live.resolve(kind + ".pem"));
        Files.createSymbolicLink(
            live.resolve(kind + ".pem"),
            Path.of("../../archive", Made.DOMAIN, kind + number + ".pem"));
      }
    }
  },
  /** live/DOMAIN is a link to certs/ID, whose key is a link to keys/ID. */
  ACMETOOL {
    @Override
    Path folder(Path root) {
      return root.resolve("live/" + Made.DOMAIN);
    }

    @Override
    void put(Path root, int number, Made made) throws IOException {
      var key = Files.createDirectories(root.resolve("keys/k" + number));
      Files.writeString(key.resolve("privkey"), made.keyPem());
      var certificate = Files.createDirectories(root.resolve("certs/c" + number));
      Files.writeString(certificate.resolve("fullchain"), made.certificatePem());
      Files.createSymbolicLink(
          certificate.resolve("privkey"), Path.of("../../keys/k" + number + "/privkey"));
      Files.createDirectories(root.resolve("live"));
      link(folder(root), Path.of("../certs/c" + number));
    }
  },
  /** A folder a domain, removed and made again. */
  TRAEFIK_DUMPER {
    @Override
    Path folder(Path root) {
      return root.resolve(Made.DOMAIN);
    }

    @Override
    void put(Path root, int number, Made made) throws IOException {
      removeAll(folder(root));
      var folder = Files.createDirectory(folder(root));
      Files.writeString(folder.resolve("certificate.crt"), made.certificatePem());
      Files.writeString(folder.resolve("privatekey.key"), made.keyPem());
    }
  },
  /** The flat form of the same, in two folders. */
  TRAEFIK_DUMPER_FLAT {
    @Override
    void put(Path root, int number, Made made) throws IOException {
      Files.createDirectories(root.resolve("certs"));
      Files.createDirectories(root.resolve("private"));
      pieces(root.resolve("certs/" + Made.DOMAIN + ".crt"), made.certificatePem());
      pieces(root.resolve("private/" + Made.DOMAIN + ".key"), made.keyPem());
    }
  },
  /** Caddy's storage: DOMAIN.crt and DOMAIN.key, each replaced by a rename. */
  CADDY {
    @Override
    Path folder(Path root) {
      return root.resolve("certificates/some-ca/" + Made.DOMAIN);
    }

    @Override
    void put(Path root, int number, Made made) throws IOException {
      Files.createDirectories(folder(root));
      rename(folder(root).resolve(Made.DOMAIN + ".key"), made.keyPem());
      rename(folder(root).resolve(Made.DOMAIN + ".crt"), made.certificatePem());
    }
  },
  /** A mounted secret: links through ..data to a folder of this version. */
  KUBERNETES {
    @Override
    void put(Path root, int number, Made made) throws IOException {
      var version = Files.createDirectory(root.resolve("..version" + number));
      Files.writeString(version.resolve("tls.crt"), made.certificatePem());
      Files.writeString(version.resolve("tls.key"), made.keyPem());
      var before = root.resolve("..version" + (number - 1));
      link(root.resolve("..data"), version.getFileName());
      for (var name : new String[] {"tls.crt", "tls.key"}) {
        if (!Files.exists(root.resolve(name))) {
          Files.createSymbolicLink(root.resolve(name), Path.of("..data", name));
        }
      }
      removeAll(before);
    }
  },
  /** The whole folder is moved away, and another one into its place. */
  REPLACED_FOLDER {
    @Override
    Path folder(Path root) {
      return root.resolve("current");
    }

    @Override
    void put(Path root, int number, Made made) throws IOException {
      var next = Files.createDirectory(root.resolve("next"));
      Files.writeString(next.resolve("fullchain.pem"), made.certificatePem());
      Files.writeString(next.resolve("privkey.pem"), made.keyPem());
      if (Files.exists(folder(root))) {
        Files.move(folder(root), root.resolve("before" + number));
      }
      Files.move(next, folder(root));
    }
  },
  /** The folder itself is a link to a folder a version. */
  LINKED_FOLDER {
    @Override
    Path folder(Path root) {
      return root.resolve("current");
    }

    @Override
    void put(Path root, int number, Made made) throws IOException {
      var version = Files.createDirectories(root.resolve("releases/" + number));
      Files.writeString(version.resolve("cert.pem"), made.certificatePem());
      Files.writeString(version.resolve("key.pem"), made.keyPem());
      link(folder(root), Path.of("releases/" + number));
    }
  },
  /** Traefik's own file, emptied and written over each time. */
  TRAEFIK {
    @Override
    Path folder(Path root) {
      return root.resolve("acme.json");
    }

    @Override
    void put(Path root, int number, Made made) throws IOException {
      var other = Made.by(Made.Recipe.usual().forName("other.test"));
      pieces(
          folder(root),
          new TraefikFile().resolver("staging", other).resolver("production", made).text());
    }
  };

  /** What PATH_TO_SSL is. */
  Path folder(Path root) {
    return root;
  }

  /** Puts a pair there as the manager does; numbers count from 1. */
  abstract void put(Path root, int number, Made made) throws IOException;

  private static void rename(Path file, String text) throws IOException {
    var fresh = file.resolveSibling("." + file.getFileName() + ".tmp");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void link(Path link, Path target) throws IOException {
    var fresh = link.resolveSibling(link.getFileName() + ".tmp");
    Files.createSymbolicLink(fresh, target);
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void pieces(Path file, String text) throws IOException {
    Files.writeString(file, "");
    for (int i = 0; i < text.length(); i += 500) {
      Files.writeString(
          file, text.substring(i, Math.min(text.length(), i + 500)), StandardOpenOption.APPEND);
    }
  }

  private static void removeAll(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
