package dev.postbus.certificates;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Certificates on disk: {@code generations/<fingerprint>/} with chain, key, and both in one file,
 * and the symbolic link {@code live} to the one in use. A generation is written to a temporary
 * folder, flushed and renamed; the link changes by a rename. Nobody ever sees half of either.
 */
public final class CertificateStore {
  static final String CHAIN = "fullchain.pem";
  static final String KEY = "privkey.pem";
  static final String CHAIN_AND_KEY = "chain+key.pem";

  private static final String LIVE = "live";
  private static final String TEMPORARY = ".new-";
  private static final String DISCARDED = ".old-";
  private static final String FINGERPRINT = "[0-9a-f]{64}";
  private static final String GENERATION = FINGERPRINT + "(\\.\\d{1,9})?";
  private static final int KEPT = 5;

  private final Path folder;
  private final Path generations;

  /** A store in a folder, which need not exist until something is written. */
  public CertificateStore(Path folder) {
    this.folder = folder;
    this.generations = folder.resolve("generations");
  }

  /**
   * Makes the folders and removes what a crash left half written or half removed; for the writer
   * only.
   */
  public void prepare() {
    try {
      Files.createDirectories(generations);
      try (var entries = Files.list(generations)) {
        for (var entry : entries.toList()) {
          var name = entry.getFileName().toString();
          if (name.startsWith(TEMPORARY) || name.startsWith(DISCARDED)) {
            remove(entry);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare the certificate store " + folder, e);
    }
  }

  /**
   * Writes a generation; one of the same chain, if it is the newest of that certificate, is kept as
   * it is. A certificate that comes again with another chain, such as one that has its issuer now,
   * is another generation in a folder with a number after the fingerprint: what daemons were told
   * to read never changes.
   */
  public StoredCertificate write(List<X509Certificate> chain, PrivateKey key) {
    var fingerprint = StoredCertificate.fingerprint(chain.getFirst());
    var there = folders(fingerprint);
    if (!there.isEmpty()) {
      var newest = load(there.getLast());
      if (newest.isPresent() && newest.get().chain().equals(chain)) {
        return newest.get();
      }
    }
    var target =
        generations.resolve(
            there.isEmpty()
                ? fingerprint
                : fingerprint + "." + (number(there.getLast(), fingerprint) + 1));
    var stored = new StoredCertificate(target, chain);
    try {
      var fresh =
          Files.createTempDirectory(
              generations,
              TEMPORARY,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      put(fresh.resolve(CHAIN), Pem.of(chain), "rw-r--r--");
      put(fresh.resolve(KEY), Pem.of(key), "rw-------");
      put(fresh.resolve(CHAIN_AND_KEY), Pem.of(key) + Pem.of(chain), "rw-------");
      sync(fresh);
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      sync(generations);
      return stored;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a certificate to " + generations, e);
    }
  }

  /** Makes a written generation the one in use, and forgets all but the last few. */
  public void switchLive(StoredCertificate stored) {
    try {
      var fresh = folder.resolve(LIVE + ".new");
      Files.deleteIfExists(fresh);
      Files.createSymbolicLink(fresh, folder.relativize(stored.folder()));
      Files.move(fresh, folder.resolve(LIVE), StandardCopyOption.ATOMIC_MOVE);
      sync(folder);
      prune(stored.folder());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot switch " + folder.resolve(LIVE), e);
    }
  }

  /** The generation in use. */
  public Optional<StoredCertificate> live() {
    try {
      return load(folder.resolve(Files.readSymbolicLink(folder.resolve(LIVE))));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder.resolve(LIVE), e);
    }
  }

  /** The newest generation with a fingerprint. */
  public Optional<StoredCertificate> find(String fingerprint) {
    if (!fingerprint.matches(FINGERPRINT)) {
      throw new IllegalArgumentException("not a SHA-256 fingerprint: " + fingerprint);
    }
    var there = folders(fingerprint);
    return there.isEmpty() ? Optional.empty() : load(there.getLast());
  }

  /** A certificate's generations, oldest first. */
  private List<Path> folders(String fingerprint) {
    if (!Files.isDirectory(generations)) {
      return List.of();
    }
    try (var entries = Files.list(generations)) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches(GENERATION))
          .filter(entry -> entry.getFileName().toString().startsWith(fingerprint))
          .sorted(Comparator.comparingInt(entry -> number(entry, fingerprint)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + generations, e);
    }
  }

  private static int number(Path generation, String fingerprint) {
    var name = generation.getFileName().toString();
    return name.equals(fingerprint) ? 1 : Integer.parseInt(name.substring(name.indexOf('.') + 1));
  }

  /** Waits for a generation that another process, perhaps another machine, writes. */
  public Optional<StoredCertificate> await(String fingerprint, Duration patience)
      throws InterruptedException {
    var deadline = System.nanoTime() + patience.toNanos();
    var found = find(fingerprint);
    while (found.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(Duration.ofMillis(20));
      found = find(fingerprint);
    }
    return found;
  }

  private static Optional<StoredCertificate> load(Path generation) {
    try {
      var text = Files.readString(generation.resolve(CHAIN), StandardCharsets.US_ASCII);
      return Optional.of(new StoredCertificate(generation.normalize(), Pem.certificates(text)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + generation, e);
    } catch (CertificateException e) {
      throw new IllegalStateException(
          generation.resolve(CHAIN) + " is damaged: " + e.getMessage(), e);
    }
  }

  private void prune(Path live) throws IOException {
    try (var entries = Files.list(generations)) {
      var old =
          entries
              .filter(entry -> entry.getFileName().toString().matches(GENERATION))
              .filter(entry -> !entry.getFileName().equals(live.getFileName()))
              .sorted(Comparator.comparing(CertificateStore::age).reversed())
              .skip(KEPT - 1)
              .toList();
      for (var entry : old) {
        // Out of sight first: a crash in between must not leave a generation without its key.
        remove(Files.move(entry, entry.resolveSibling(DISCARDED + entry.getFileName())));
      }
    }
  }

  private static FileTime age(Path entry) {
    try {
      return Files.getLastModifiedTime(entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(Path file, String text, String mode) throws IOException {
    var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    try (var channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void sync(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void remove(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
