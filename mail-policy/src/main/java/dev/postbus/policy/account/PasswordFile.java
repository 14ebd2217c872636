package dev.postbus.policy.account;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The file {@code password} that makes a folder an account: it holds a hash, or nothing, which
 * blocks the account. Beside it, {@code password.blocked} keeps the hash of a blocked one.
 *
 * @param home the folder of the mailbox
 */
record PasswordFile(Path home) {
  private static final String NAME = "password";
  private static final String KEPT = "password.blocked";
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** A blocked account whose hash was not kept. */
  static final class HashNotKept extends Exception {
    private static final long serialVersionUID = 1L;

    HashNotKept() {
      super(
          "the account was blocked by emptying its password file, and its hash is not in the file "
              + KEPT
              + " beside it: put the hash back into the file password, or delete the account");
    }
  }

  /** The hash; empty if there is no account, or a blocked one. */
  Optional<String> hash() throws IOException {
    try {
      var hash = Files.readString(file(), StandardCharsets.ISO_8859_1).strip();
      return hash.isEmpty() ? Optional.empty() : Optional.of(hash);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  boolean exists() {
    return Files.exists(file());
  }

  /** Whether there is an account that is blocked. */
  boolean isBlocked() throws IOException {
    return exists() && hash().isEmpty();
  }

  /** When somebody logged in last; empty if there is no account. */
  Optional<Instant> lastLogin() throws IOException {
    try {
      return Optional.of(Files.getLastModifiedTime(file()).toInstant());
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  /** Remembers the last login, if there is an account and it was another one. */
  void loggedIn(Instant day) throws IOException {
    var last = lastLogin();
    if (last.isPresent() && !last.get().equals(day)) {
      Files.setLastModifiedTime(file(), FileTime.from(day));
    }
  }

  /**
   * Makes the account, whole or not at all.
   *
   * @return false if somebody else made it first
   */
  boolean create(String hash, Instant day) throws IOException {
    var fresh = fresh(hash, FileTime.from(day));
    try {
      // A link is made only where nothing is yet: of several first logins one makes the account.
      Files.createLink(file(), fresh);
      return true;
    } catch (FileAlreadyExistsException other) {
      return false;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /**
   * Blocks the account. Killed at any point, it is either as before or blocked with its hash kept.
   *
   * @return false if it is blocked already
   * @throws NoSuchFileException if there is no account
   */
  boolean block() throws IOException {
    var last = Files.getLastModifiedTime(file());
    if (isBlocked()) {
      return false;
    }
    // What may be there is of a blocking that was cut short: the hash is in force still.
    Files.deleteIfExists(kept());
    Files.createLink(kept(), file());
    var empty = fresh("", last);
    Files.move(empty, file(), StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  /**
   * Puts the hash back, with the time of the last login, in one step.
   *
   * @return false if it is not blocked
   * @throws NoSuchFileException if there is no account
   */
  boolean unblock() throws IOException, HashNotKept {
    if (!exists()) {
      throw new NoSuchFileException(NAME);
    }
    if (!isBlocked()) {
      return false;
    }
    if (!Files.isRegularFile(kept()) || Files.size(kept()) == 0) {
      throw new HashNotKept();
    }
    Files.move(kept(), file(), StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  private Path fresh(String content, FileTime time) throws IOException {
    var fresh = Files.createTempFile(home, ".password-", "", PRIVATE);
    try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII)));
      channel.force(true);
    }
    Files.setLastModifiedTime(fresh, time);
    return fresh;
  }

  private Path file() {
    return home.resolve(NAME);
  }

  private Path kept() {
    return home.resolve(KEPT);
  }
}
