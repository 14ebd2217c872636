package dev.postbus.policy.account;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.postbus.policy.mailbox.MailboxRoot;
import dev.postbus.policy.mailbox.MailboxWalk;
import dev.postbus.policy.mailbox.MailboxWalk.Message;
import dev.postbus.policy.mailbox.MailboxWalk.Visitor;
import dev.postbus.policy.settings.PolicySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The accounts as an operator sees them. */
public final class AccountRegister {
  private static final int LARGEST_METADATA = 1 << 20;

  private final Supplier<PolicySettings> settings;
  private final Accounts accounts;

  /** The register of the given accounts. */
  public AccountRegister(Supplier<PolicySettings> settings, Accounts accounts) {
    this.settings = settings;
    this.accounts = accounts;
  }

  /**
   * An account in a list.
   *
   * @param address its address
   * @param lastLogin the day of its last login
   * @param blocked whether nobody may log in
   */
  public record Entry(String address, LocalDate lastLogin, boolean blocked) {}

  /**
   * Some accounts in the order of their addresses.
   *
   * @param users the accounts
   * @param next the address after which there may be more; null if these are the last
   */
  public record Page(List<Entry> users, @Nullable String next) {}

  /**
   * An account in full.
   *
   * @param address its address
   * @param lastLogin the day of its last login
   * @param blocked whether nobody may log in
   * @param created when it was made, as far as that is known
   * @param acceptsCleartext whether it takes mail that is not encrypted
   * @param messages mails in all folders
   * @param messageBytes their size on disk
   * @param otherBytes size of indexes and other files
   * @param pushTokens devices that want to be told of mail
   */
  public record Details(
      String address,
      LocalDate lastLogin,
      boolean blocked,
      @Nullable Instant created,
      boolean acceptsCleartext,
      long messages,
      long messageBytes,
      long otherBytes,
      int pushTokens) {}

  /** An account that is not there. */
  public static final class NoSuchAccount extends Exception {
    private static final long serialVersionUID = 1L;

    NoSuchAccount() {
      super("there is no such account; all of them: ./postbus user list");
    }
  }

  /** What cannot be done with an account as it is. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * The accounts after an address.
   *
   * @param after the address; empty for the first page
   * @param limit at most so many
   */
  public Page page(String after, int limit) throws IOException {
    // However many accounts there are, no more names than a page's are kept.
    var names = new TreeSet<String>();
    try (var root = MailboxRoot.open(settings.get().mailboxes())) {
      for (var name = root.nextMailbox(); name.isPresent(); name = root.nextMailbox()) {
        var text = name.get().toString();
        if (text.compareTo(after) > 0 && accounts.home(text).isPresent()) {
          names.add(text);
          if (names.size() > limit) {
            names.pollLast();
          }
        }
      }
    }
    var users = new ArrayList<Entry>();
    for (var name : names) {
      entry(name).ifPresent(users::add);
    }
    return new Page(users, names.size() < limit ? null : names.last());
  }

  private Optional<Entry> entry(String address) throws IOException {
    var password = new PasswordFile(settings.get().mailboxes().resolve(address));
    var lastLogin = password.lastLogin();
    return lastLogin.isEmpty()
        ? Optional.empty()
        : Optional.of(new Entry(address, day(lastLogin.get()), password.isBlocked()));
  }

  /** All about an account. */
  public Details show(String address) throws IOException, NoSuchAccount {
    var home = existing(address);
    var entry = entry(address).orElseThrow(NoSuchAccount::new);
    var sizes = new Sizes();
    try (var root = MailboxRoot.open(settings.get().mailboxes());
        var mailbox = root.mailbox(home.getFileName()).orElseThrow(NoSuchAccount::new)) {
      MailboxWalk.visitFresh(mailbox, sizes);
    }
    return new Details(
        address,
        entry.lastLogin(),
        entry.blocked(),
        Accounts.created(home).orElse(null),
        accounts.acceptsCleartext(address),
        sizes.messages,
        sizes.messageBytes,
        sizes.otherBytes,
        tokens(home));
  }

  private static final class Sizes implements Visitor {
    private long messages;
    private long messageBytes;
    private long otherBytes;

    @Override
    public void message(Message message) {
      messages++;
      messageBytes += message.file().size();
    }

    @Override
    public void other(Path name, BasicFileAttributes file) {
      otherBytes += file.size();
    }

    @Override
    public boolean wantsOthers() {
      return true;
    }
  }

  /**
   * Lets nobody log in any more, until it is unblocked.
   *
   * @return false if it was blocked already
   */
  public synchronized boolean block(String address) throws IOException, NoSuchAccount {
    try {
      var home = existing(address);
      var blocked = new PasswordFile(home).block();
      wake(home);
      return blocked;
    } catch (NoSuchFileException gone) {
      throw new NoSuchAccount();
    }
  }

  /**
   * Has Dovecot take the mailbox's clients out of hibernation: there, they share a process with
   * others, and could not be shown out alone. Names with a dot are no mails (maildir(5)).
   */
  private static void wake(Path home) throws IOException {
    try {
      Files.deleteIfExists(Files.createTempFile(home.resolve("new"), ".blocked-", ""));
    } catch (NoSuchFileException never) {
      // Without this folder, nobody ever had the mailbox open.
      return;
    }
  }

  /**
   * Lets its owner log in again, with the password from before.
   *
   * @return false if it was not blocked
   */
  public synchronized boolean unblock(String address) throws IOException, NoSuchAccount, Refused {
    try {
      return new PasswordFile(existing(address)).unblock();
    } catch (NoSuchFileException gone) {
      throw new NoSuchAccount();
    } catch (PasswordFile.HashNotKept e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
  }

  /** Removes an account with all of its mail. The address is free again then. */
  public synchronized void delete(String address) throws IOException, NoSuchAccount {
    var home = existing(address);
    try (var root = MailboxRoot.open(settings.get().mailboxes())) {
      root.remove(root.bury(home.getFileName()).orElseThrow(NoSuchAccount::new));
    }
  }

  /** The folder of an account; never a link, which could lead anywhere. */
  private Path existing(String address) throws NoSuchAccount {
    var home = accounts.home(address).orElseThrow(NoSuchAccount::new);
    if (!Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchAccount();
    }
    return home;
  }

  /** Devices in {@code metadata.json}; older files hold a list of them. */
  private static int tokens(Path home) throws IOException {
    var file = home.resolve("metadata.json");
    if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_METADATA) {
      return 0;
    }
    try {
      return JsonMapper.builder().build().readTree(file.toFile()).path("devicetoken").size();
    } catch (com.fasterxml.jackson.core.JsonProcessingException unreadable) {
      return 0;
    }
  }

  private static LocalDate day(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }
}
