package dev.postbus.policy.dict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.account.Accounts.Account;
import dev.postbus.policy.settings.PolicySettings;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Dovecot's passdb and userdb. Its configuration must be
 *
 * <pre>
 * uri = proxy:/path/to/socket:auth
 * password_key = passdb/%Ew"%Eu
 * user_key = userdb/%Eu
 * iterate_disable = no
 * iterate_prefix = userdb/
 * default_pass_scheme = plain
 * </pre>
 *
 * The {@code %E} modifier puts a backslash before quotation marks, so that the one between password
 * and user is the only bare one.
 */
public final class AccountDict implements Dict {
  private static final String PASSDB = "shared/passdb/";
  private static final String USERDB = "shared/userdb/";

  private final ObjectMapper json = new ObjectMapper();
  private final Accounts accounts;
  private final Supplier<PolicySettings> settings;

  /** A dict over the given accounts. */
  public AccountDict(Accounts accounts, Supplier<PolicySettings> settings) {
    this.accounts = accounts;
    this.settings = settings;
  }

  @Override
  public Optional<String> lookup(String user, String key) throws IOException {
    if (key.startsWith(PASSDB)) {
      var parts = DictText.splitQuoted(key.substring(PASSDB.length()));
      return parts.size() == 2
          ? accounts.findOrCreate(parts.get(1), parts.get(0)).map(a -> describe(a, true))
          : Optional.empty();
    }
    if (key.startsWith(USERDB)) {
      var parts = DictText.splitQuoted(key.substring(USERDB.length()));
      return parts.size() == 1
          ? accounts.find(parts.getFirst()).map(a -> describe(a, false))
          : Optional.empty();
    }
    return Optional.empty();
  }

  @Override
  public void iterate(String prefix, Consumer<String> keys) throws IOException {
    if (prefix.equals(USERDB)) {
      accounts.forEach(address -> keys.accept(USERDB + address));
    }
  }

  private String describe(Account account, boolean withPassword) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("user", account.address());
    if (withPassword) {
      fields.put("password", account.passwordHash());
    } else {
      fields.put("uid", Integer.toString(settings.get().uid()));
      fields.put("gid", Integer.toString(settings.get().gid()));
      fields.put("home", account.home().toString());
    }
    try {
      return json.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts cannot be written as JSON", e);
    }
  }
}
