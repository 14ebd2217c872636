package dev.postbus.policy.account;

import dev.postbus.policy.settings.PolicySettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.commons.codec.digest.Sha2Crypt;

/**
 * Accounts on disk, in the public relay's form: a folder an address with the file {@code password}
 * (a hash; an empty one blocks the account) whose modification time is the day of the last login.
 */
public final class Accounts {
  private static final Logger log = Logger.getLogger(Accounts.class.getName());
  private static final String PASSWORD = "password";
  private static final String ENCRYPTED_ONLY = "enforceE2EEincoming";
  private static final int LONGEST_PASSWORD = 1000;

  private final Supplier<PolicySettings> settings;
  private final SystemLoad load;
  private final Clock clock;
  // Hashing is work for a core: more at once would only keep lookups waiting.
  private final Semaphore hashing = new Semaphore(2);

  /** Accounts under the settings that hold at each call. */
  public Accounts(Supplier<PolicySettings> settings, Clock clock) {
    this(settings, clock, Path.of("/proc"));
  }

  Accounts(Supplier<PolicySettings> settings, Clock clock, Path proc) {
    this.settings = settings;
    this.load = new SystemLoad(proc);
    this.clock = clock;
  }

  /** What Dovecot has to know. */
  public record Account(String address, Path home, String passwordHash) {}

  /** An existing account. */
  public Optional<Account> find(String text) throws IOException {
    var address = own(text);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    var home = home(address.get());
    try {
      var hash = Files.readString(home.resolve(PASSWORD), StandardCharsets.US_ASCII).strip();
      return hash.isEmpty()
          ? Optional.empty()
          : Optional.of(new Account(address.get().toString(), home, hash));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  /** An account for a login: the one that is there, or a new one if the rules allow one. */
  public Optional<Account> findOrCreate(String text, String password) throws IOException {
    var found = find(text);
    if (found.isPresent()) {
      return found;
    }
    var address = own(text);
    if (address.isEmpty() || Files.exists(home(address.get()).resolve(PASSWORD))) {
      return Optional.empty();
    }
    var refusal = refusal(address.get(), password);
    if (refusal.isPresent()) {
      log.log(Level.INFO, "no account made: {0}", refusal.get());
      return Optional.empty();
    }
    create(address.get(), password);
    // Whoever came first has decided about the password.
    return find(text);
  }

  /** Addresses of all accounts. */
  public List<String> all() throws IOException {
    var all = new ArrayList<String>();
    try (var entries = Files.newDirectoryStream(settings.get().mailboxes(), "*@*")) {
      for (var entry : entries) {
        if (Files.exists(entry.resolve(PASSWORD))) {
          all.add(entry.getFileName().toString());
        }
      }
    }
    return all;
  }

  /** Remembers a login, no more exactly than the day. */
  public void loggedIn(String text) throws IOException {
    var address = own(text);
    if (address.isEmpty()) {
      return;
    }
    var file = home(address.get()).resolve(PASSWORD);
    var today = clock.instant().truncatedTo(ChronoUnit.DAYS);
    try {
      var last = Files.getLastModifiedTime(file).toInstant();
      if (Duration.between(last, today).abs().compareTo(Duration.ZERO) > 0) {
        Files.setLastModifiedTime(file, FileTime.from(today));
      }
    } catch (NoSuchFileException gone) {
      log.fine("a login of an account that is gone");
    }
  }

  /** Whether an address takes mail that is not encrypted. */
  public boolean acceptsCleartext(String text) {
    var address = own(text);
    return address.isPresent()
        && Files.isDirectory(home(address.get()))
        && !Files.exists(home(address.get()).resolve(ENCRYPTED_ONLY));
  }

  private Optional<String> refusal(Address address, String password) {
    var now = settings.get();
    var rules = now.accounts();
    var length = address.localPart().length();
    if (Files.exists(now.blockCreation())) {
      return Optional.of("creation is blocked by " + now.blockCreation());
    }
    if (password.length() < rules.passwordMinLength()) {
      return Optional.of("password is shorter than " + rules.passwordMinLength());
    }
    if (password.length() > LONGEST_PASSWORD) {
      return Optional.of("password is longer than " + LONGEST_PASSWORD);
    }
    if (length < rules.usernameMinLength() || length > rules.usernameMaxLength()) {
      return Optional.of(
          "name is not %d to %d letters long"
              .formatted(rules.usernameMinLength(), rules.usernameMaxLength()));
    }
    if (!address.localPart().matches("[a-z0-9._-]+")) {
      return Optional.of("name has other letters than a-z0-9._-");
    }
    return load.exhausted(now).map(why -> "the machine is short of " + why);
  }

  private void create(Address address, String password) throws IOException {
    var hash = hash(password);
    var home = home(address);
    Files.createDirectories(
        home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    var fresh =
        Files.createTempFile(
            home,
            ".password-",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (var channel = FileChannel.open(fresh, Set.of(StandardOpenOption.WRITE))) {
        channel.write(ByteBuffer.wrap(hash.getBytes(StandardCharsets.US_ASCII)));
        channel.force(true);
      }
      Files.setLastModifiedTime(fresh, FileTime.from(today()));
      if (!Files.exists(home.resolve(ENCRYPTED_ONLY))) {
        Files.createFile(home.resolve(ENCRYPTED_ONLY));
      }
      // A link is made only where nothing is yet: of several first logins one makes the account.
      Files.createLink(home.resolve(PASSWORD), fresh);
      log.info("account made");
    } catch (FileAlreadyExistsException other) {
      log.fine("another login made the account");
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private Instant today() {
    return clock.instant().truncatedTo(ChronoUnit.DAYS);
  }

  private String hash(String password) {
    hashing.acquireUninterruptibly();
    try {
      return "{SHA512-CRYPT}"
          + Sha2Crypt.sha512Crypt(password.getBytes(StandardCharsets.ISO_8859_1));
    } finally {
      hashing.release();
    }
  }

  private Optional<Address> own(String text) {
    return Address.parse(text).filter(a -> a.domain().equals(settings.get().mailDomain()));
  }

  private Path home(Address address) {
    return settings.get().mailboxes().resolve(address.toString());
  }
}
