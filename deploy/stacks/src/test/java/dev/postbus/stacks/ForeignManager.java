package dev.postbus.stacks;

import dev.postbus.bench.certs.KeptPair;
import dev.postbus.bench.certs.MadePair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;

/**
 * Somebody else who keeps a stack's certificate, in a folder that the stack can see: its own may
 * lie where only root can go.
 */
final class ForeignManager implements AutoCloseable {
  private final Cli stack;
  private final Path folder;
  private final KeptPair kept;
  private final MadePair.Maker maker;
  private final MadePair first;

  private ForeignManager(Cli stack, Path folder, String domain) throws Exception {
    this.stack = stack;
    this.folder = folder;
    var owner = (Integer) Files.getAttribute(stack.state().resolve("certs"), "unix:uid");
    this.kept = new KeptPair(folder, owner);
    this.maker = new MadePair.Maker(Files.createDirectory(folder.resolve("work")));
    this.first = maker.pair(domain);
  }

  /** Has a stack take its certificate from a new folder, with a first pair in it. */
  static ForeignManager of(Cli stack, String domain) throws Exception {
    var open = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
    var manager = new ForeignManager(stack, Files.createTempDirectory("foreign-", open), domain);
    manager.kept.replace(manager.first);
    var set =
        stack.run(
            "config",
            "set",
            "tls_external_cert_and_key",
            manager.kept.certificate() + " " + manager.kept.key());
    if (set.exitCode() != 0) {
      throw new IOException(set.output());
    }
    return manager;
  }

  /** What it began with. */
  MadePair first() {
    return first;
  }

  KeptPair kept() {
    return kept;
  }

  MadePair.Maker maker() {
    return maker;
  }

  @Override
  public void close() throws IOException {
    try {
      stack.run("config", "unset", "tls_external_cert_and_key");
      stack.run("cert", "renew", "--force");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
