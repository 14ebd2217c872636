package dev.postbus.cert.foreign;

import java.nio.file.Path;

/** Where a foreign manager keeps the relay's certificate and key. */
public sealed interface ForeignSource {
  /** Where to look, for an operator. */
  String words();

  /**
   * A folder with a pair in it, under one of the names that managers use.
   *
   * @param folder absolute; it may be a link and need not exist yet
   * @param domain the relay's domain, which some managers name their files after
   */
  record Folder(Path folder, String domain) implements ForeignSource {
    @Override
    public String words() {
      return folder.toString();
    }
  }

  /**
   * The file in which Traefik keeps all certificates that it ordered, each with its key.
   *
   * @param file absolute; it need not exist yet
   */
  record TraefikFile(Path file) implements ForeignSource {
    @Override
    public String words() {
      return file.toString();
    }
  }

  /**
   * What a path stands for: a file of Traefik's where it ends in {@code .json}, a folder otherwise.
   *
   * @param path absolute
   * @param domain the relay's domain
   */
  static ForeignSource at(Path path, String domain) {
    return path.toString().endsWith(".json") ? new TraefikFile(path) : new Folder(path, domain);
  }

  /**
   * Two files.
   *
   * @param certificate the chain, absolute
   * @param key its leaf's key, absolute
   */
  record TwoFiles(Path certificate, Path key) implements ForeignSource {
    @Override
    public String words() {
      return certificate + " and " + key;
    }
  }
}
