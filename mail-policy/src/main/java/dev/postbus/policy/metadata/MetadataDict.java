package dev.postbus.policy.metadata;

import dev.postbus.policy.dict.Dict;
import dev.postbus.policy.dict.DictRefusal;
import dev.postbus.policy.push.Notifier;
import dev.postbus.policy.settings.PolicySettings;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Dovecot's {@code mail_attribute_dict}, which answers IMAP METADATA (RFC 5464). Its keys are
 * {@code priv/<mailbox GUID>/<entry>} and {@code shared/<mailbox GUID>/<entry>}; entries of the
 * server as a whole are those of the inbox below a prefix (lib-storage/mailbox-attribute.h).
 *
 * <ul>
 *   <li>{@code /private/devicetoken}: setting adds a token, reading gives all of them
 *   <li>{@code /private/messagenew}: set at delivery, wakes up the account's devices
 *   <li>{@code /shared/vendor/deltachat/…} of the server, see {@link SharedKeys}
 * </ul>
 */
public final class MetadataDict implements Dict {
  private static final String DEVICE_TOKEN = "devicetoken";
  private static final String NEW_MESSAGE = "messagenew";
  private static final String SERVER = "vendor/vendor.dovecot/pvt/server/vendor/deltachat/";

  private final DeviceTokens tokens;
  private final Notifier notifier;
  private final SharedKeys shared;

  /** A dict that keeps tokens and hands on to the notifier what is to be told. */
  public MetadataDict(
      DeviceTokens tokens, Notifier notifier, Supplier<PolicySettings> settings, Clock clock) {
    this.tokens = tokens;
    this.notifier = notifier;
    this.shared = new SharedKeys(() -> settings.get().metadata(), clock);
  }

  @Override
  public Optional<String> lookup(String user, String key) throws IOException {
    if (entry("priv", key).equals(DEVICE_TOKEN)) {
      return Optional.of(String.join(" ", tokens.of(user)));
    }
    var entry = entry("shared", key);
    return entry.startsWith(SERVER)
        ? shared.value(entry.substring(SERVER.length()))
        : Optional.empty();
  }

  @Override
  public void set(String user, String key, String value) throws IOException {
    switch (entry("priv", key)) {
      case DEVICE_TOKEN -> tokens.add(user, value);
      case NEW_MESSAGE -> notifier.newMail(user, tokens.of(user));
      default -> throw refusal();
    }
  }

  @Override
  public void unset(String user, String key) throws IOException {
    if (!entry("priv", key).equals(DEVICE_TOKEN)) {
      throw refusal();
    }
    tokens.clear(user);
  }

  private static DictRefusal refusal() {
    return new DictRefusal("of metadata only /private/devicetoken can be set");
  }

  /** What follows scope and GUID; empty for a key of another form. */
  private static String entry(String scope, String key) {
    var parts = key.split("/", 3);
    return parts.length == 3 && parts[0].equals(scope) ? parts[2] : "";
  }
}
