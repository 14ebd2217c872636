package dev.postbus.policy.metadata;

import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.dict.DictRefusal;
import dev.postbus.policy.storage.KeyedLocks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tokens under which devices of an account can be woken up. To this process they are letters
 * without a meaning.
 */
public final class DeviceTokens {
  private final Accounts accounts;
  private final Clock clock;
  private final KeyedLocks locks = new KeyedLocks();

  /** Tokens in the mailboxes of the given accounts. */
  public DeviceTokens(Accounts accounts, Clock clock) {
    this.accounts = accounts;
    this.clock = clock;
  }

  /** An account's tokens, the first one first; none if there is no such account. */
  public List<String> of(String address) throws IOException {
    var home = accounts.find(address).map(Accounts.Account::home);
    if (home.isEmpty()) {
      return List.of();
    }
    return change(address, home.get(), file -> {});
  }

  /**
   * Adds a token, or gives one that is there already the present time. Of more than 30 the oldest
   * are forgotten.
   *
   * @throws DictRefusal if it cannot be a token, or there is no such account
   */
  public void add(String address, String token) throws IOException {
    if (!TokenFile.possible(token)) {
      throw new DictRefusal(
          "a device token is 1 to %d printable ASCII letters without spaces"
              .formatted(TokenFile.LONGEST_TOKEN));
    }
    change(address, home(address), file -> file.add(token, clock.instant()));
  }

  /** Removes one token, if the account has it. */
  public void remove(String address, String token) throws IOException {
    var home = accounts.find(address).map(Accounts.Account::home);
    if (home.isPresent()) {
      change(address, home.get(), file -> file.remove(token));
    }
  }

  /**
   * Removes all tokens.
   *
   * @throws DictRefusal if there is no such account
   */
  public void clear(String address) throws IOException {
    change(address, home(address), TokenFile::clear);
  }

  private Path home(String address) throws IOException {
    return accounts
        .find(address)
        .map(Accounts.Account::home)
        .orElseThrow(() -> new DictRefusal("no such account"));
  }

  private List<String> change(String address, Path home, Consumer<TokenFile> change)
      throws IOException {
    return locks.with(
        address,
        () -> {
          var file = TokenFile.in(home, clock.instant());
          change.accept(file);
          file.save();
          return List.copyOf(file.tokens().keySet());
        });
  }
}
