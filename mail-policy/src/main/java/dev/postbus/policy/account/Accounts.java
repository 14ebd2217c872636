package dev.postbus.policy.account;

import dev.postbus.policy.invite.Invites;
import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.policy.settings.Registration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Accounts on disk, in the public relay's form: a folder an address with the file {@code password}
 * (a hash; an empty one blocks the account) whose modification time is the day of the last login.
 */
public final class Accounts {
  private static final Logger log = Logger.getLogger(Accounts.class.getName());
  private static final String ENCRYPTED_ONLY = "enforceE2EEincoming";
  private static final int LONGEST_PASSWORD = 1000;

  private final Supplier<PolicySettings> settings;
  private final SystemLoad load;
  private final Invites invites;
  private final AccountCounters counters;
  private final Clock clock;
  private final PasswordHashing hashing;

  /** Accounts under the settings that hold at each call. */
  public Accounts(
      Supplier<PolicySettings> settings, Invites invites, Clock clock, AccountCounters counters) {
    this(settings, invites, clock, counters, new Sha512Hashing());
  }

  /** The same whose passwords are hashed by somebody else. */
  public Accounts(
      Supplier<PolicySettings> settings,
      Invites invites,
      Clock clock,
      AccountCounters counters,
      PasswordHashing hashing) {
    this(settings, invites, clock, counters, hashing, Path.of("/proc"));
  }

  Accounts(
      Supplier<PolicySettings> settings,
      Invites invites,
      Clock clock,
      AccountCounters counters,
      Path proc) {
    this(settings, invites, clock, counters, new Sha512Hashing(), proc);
  }

  private Accounts(
      Supplier<PolicySettings> settings,
      Invites invites,
      Clock clock,
      AccountCounters counters,
      PasswordHashing hashing,
      Path proc) {
    this.settings = settings;
    this.invites = invites;
    this.hashing = hashing;
    this.load = new SystemLoad(proc);
    this.counters = counters;
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
    // Read anew each time: what was blocked or changed just now must not get in.
    return new PasswordFile(home)
        .hash()
        .map(hash -> new Account(address.get().toString(), home, hash));
  }

  /** An account for a login: the one that is there, or a new one if the rules allow one. */
  public Optional<Account> findOrCreate(String text, String password) throws IOException {
    var found = find(text);
    if (found.isPresent()) {
      return found;
    }
    var address = own(text);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    if (new PasswordFile(home(address.get())).exists()) {
      // It is blocked, or another login has just made it.
      return find(text);
    }
    var refusal = refusal(address.get(), password);
    if (refusal.isPresent()) {
      counters.refused().count(refusal.get().reason());
      log.log(Level.INFO, "no account made: {0}", refusal.get().words());
      return Optional.empty();
    }
    create(address.get(), password);
    invites.made(address.get().toString());
    // Whoever came first has decided about the password.
    return find(text);
  }

  /** Whether an address has an account among mailboxes, blocked or not. */
  public static boolean isMade(Path mailboxes, String address) {
    return new PasswordFile(mailboxes.resolve(address)).exists();
  }

  /**
   * Takes a use of an invitation for an account that is to be made at its first login.
   *
   * @param proof SHA-256 of its password, in hexadecimal
   * @return until when that may be
   * @throws Invites.Refused if there can be no such account
   */
  public Instant invited(String token, String text, String proof)
      throws IOException, Invites.Refused {
    var address = own(text);
    if (address.isEmpty() || new PasswordFile(home(address.get())).exists()) {
      throw new IllegalArgumentException("address must be one of this relay that is free");
    }
    if (!proof.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("proof must be a SHA-256 in hexadecimal");
    }
    var refusal =
        shut(settings.get())
            .or(() -> misnamed(address.get()))
            .or(() -> load.exhausted(settings.get()));
    if (refusal.isPresent()) {
      throw new Invites.Refused(
          switch (refusal.get().reason()) {
            case CREATION_BLOCKED, CLOSED -> "This relay makes no new accounts.";
            case NAME_LENGTH, NAME_LETTERS -> "There can be no account of this name.";
            default -> "This relay has no room for new accounts at the moment.";
          });
    }
    return invites.claim(token, address.get().toString(), proof);
  }

  /** Names all accounts that may log in, in no order. */
  public void forEach(Consumer<String> addresses) throws IOException {
    try (var entries = Files.newDirectoryStream(settings.get().mailboxes(), "*@*")) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (find(name).isPresent()) {
          addresses.accept(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Where an address's mailbox is or would be; empty if it cannot be one of this relay. */
  public Optional<Path> home(String text) {
    return own(text).map(this::home);
  }

  /** When an account was made, as far as its folder tells. */
  static Optional<Instant> created(Path home) throws IOException {
    try {
      return Optional.of(Files.getLastModifiedTime(home.resolve(ENCRYPTED_ONLY)).toInstant());
    } catch (NoSuchFileException unknown) {
      return Optional.empty();
    }
  }

  /** Remembers a login, no more exactly than the day. */
  public void loggedIn(String text) throws IOException {
    var address = own(text);
    if (address.isPresent()) {
      new PasswordFile(home(address.get())).loggedIn(today());
    }
  }

  /** Whether an address takes mail that is not encrypted. */
  public boolean acceptsCleartext(String text) {
    var address = own(text);
    return address.isPresent()
        && Files.isDirectory(home(address.get()))
        && !Files.exists(home(address.get()).resolve(ENCRYPTED_ONLY));
  }

  private Optional<Refusal> refusal(Address address, String password) {
    var now = settings.get();
    var shut = shut(now);
    if (shut.isPresent()) {
      return shut;
    }
    var rules = now.accounts();
    if (rules.registration() == Registration.INVITE
        && !invites.admits(address.toString(), password.getBytes(StandardCharsets.ISO_8859_1))) {
      return refused(Refusal.Reason.NOT_INVITED, "no invitation was shown for it");
    }
    // Bytes of UTF-8, as they came; it is letters that are counted.
    var letters =
        new String(password.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    if (letters.codePointCount(0, letters.length()) < rules.passwordMinLength()) {
      return refused(
          Refusal.Reason.PASSWORD_LENGTH, "password is shorter than " + rules.passwordMinLength());
    }
    if (password.length() > LONGEST_PASSWORD) {
      return refused(Refusal.Reason.PASSWORD_LENGTH, "password is longer than " + LONGEST_PASSWORD);
    }
    return misnamed(address).or(() -> load.exhausted(now));
  }

  /** Why nobody at all can have a new account. */
  private static Optional<Refusal> shut(PolicySettings now) {
    if (Files.exists(now.blockCreation())) {
      return refused(
          Refusal.Reason.CREATION_BLOCKED, "creation is blocked by " + now.blockCreation());
    }
    return now.accounts().registration() == Registration.CLOSED
        ? refused(Refusal.Reason.CLOSED, "registration is closed")
        : Optional.empty();
  }

  private Optional<Refusal> misnamed(Address address) {
    var rules = settings.get().accounts();
    var length = address.localPart().length();
    if (length < rules.usernameMinLength() || length > rules.usernameMaxLength()) {
      return refused(
          Refusal.Reason.NAME_LENGTH,
          "name is not %d to %d letters long"
              .formatted(rules.usernameMinLength(), rules.usernameMaxLength()));
    }
    if (!address.localPart().matches("[a-z0-9._-]+")) {
      return refused(Refusal.Reason.NAME_LETTERS, "name has other letters than a-z0-9._-");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refused(Refusal.Reason reason, String words) {
    return Optional.of(new Refusal(reason, words));
  }

  private void create(Address address, String password) throws IOException {
    var hash = hashing.hash(password);
    var home = home(address);
    Files.createDirectories(
        home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      Files.createFile(home.resolve(ENCRYPTED_ONLY));
    } catch (FileAlreadyExistsException other) {
      log.fine("another login makes the account, or it was one before");
    }
    if (new PasswordFile(home).create(hash, today())) {
      counters
          .created()
          .count(
              Address.isOfTests(address.localPart())
                  ? AccountCounters.Kind.CI
                  : AccountCounters.Kind.OTHER);
      log.info("account made");
    }
  }

  private Instant today() {
    return clock.instant().truncatedTo(ChronoUnit.DAYS);
  }

  private Optional<Address> own(String text) {
    return Address.parse(text).filter(a -> a.domain().equals(settings.get().mailDomain()));
  }

  private Path home(Address address) {
    return settings.get().mailboxes().resolve(address.toString());
  }
}
