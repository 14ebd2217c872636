package dev.postbus.policy.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postbus.policy.storage.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * {@code metadata.json} of one mailbox, in the public relay's form: {@code {"devicetoken": {token:
 * unix_seconds}}}, or in older files {@code {"devicetoken": [token, …]}}. Other members are kept. A
 * file that is not of that form is put aside as {@code metadata.json.damaged}.
 */
final class TokenFile {
  static final String NAME = "metadata.json";
  static final String DAMAGED = NAME + ".damaged";
  static final int LONGEST_TOKEN = 2048;

  /** So many of the longest still fit into a line of the dict protocol, 64 KiB. */
  static final int MOST_TOKENS = 30;

  static final Duration LIFETIME = Duration.ofDays(90);

  /** How far ahead another machine's clock may be. */
  static final Duration AHEAD = Duration.ofMinutes(1);

  private static final int LARGEST_FILE = 1 << 20;
  private static final String MEMBER = "devicetoken";
  private static final Logger log = Logger.getLogger(TokenFile.class.getName());
  private static final ObjectMapper JSON = AsciiJson.mapper();

  private final Path file;
  private final ObjectNode whole;
  private final Map<String, Long> tokens;
  private boolean changed;

  private TokenFile(Path file, ObjectNode whole, Map<String, Long> tokens, boolean changed) {
    this.file = file;
    this.whole = whole;
    this.tokens = tokens;
    this.changed = changed;
  }

  /** Whether a text can be a token: printable ASCII without spaces, up to 2048 letters. */
  static boolean possible(String token) {
    return !token.isEmpty()
        && token.length() <= LONGEST_TOKEN
        && token.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  /** Reads a mailbox's file; tokens that are too old, from the future or too many are left out. */
  static TokenFile in(Path home, Instant now) throws IOException {
    var file = home.resolve(NAME);
    byte[] bytes;
    try {
      bytes = DurableFile.read(file, LARGEST_FILE);
    } catch (NoSuchFileException none) {
      return empty(file);
    }
    try {
      return parsed(file, bytes, now);
    } catch (IOException damage) {
      Files.move(file, file.resolveSibling(DAMAGED), StandardCopyOption.REPLACE_EXISTING);
      log.log(
          Level.SEVERE,
          "a mailbox''s {0} is damaged: it lies beside as {1} now, its devices are woken up again"
              + " after their next login",
          new Object[] {NAME, DAMAGED});
      return empty(file);
    }
  }

  private static TokenFile empty(Path file) {
    return new TokenFile(file, JSON.createObjectNode(), new LinkedHashMap<>(), false);
  }

  private static TokenFile parsed(Path file, byte[] bytes, Instant now) throws IOException {
    if (bytes.length > LARGEST_FILE || !(JSON.readTree(bytes) instanceof ObjectNode whole)) {
      throw new IOException("no JSON object of up to " + LARGEST_FILE + " bytes");
    }
    var tokens = new LinkedHashMap<String, Long>();
    var member = whole.path(MEMBER);
    if (member.isArray()) {
      member.forEach(token -> tokens.put(token.asText(), now.getEpochSecond()));
    } else if (member.isObject()) {
      member.properties().forEach(entry -> tokens.put(entry.getKey(), seconds(entry.getValue())));
    } else if (!member.isMissingNode()) {
      throw new IOException(MEMBER + " is neither an object nor a list");
    }
    var found = tokens.size();
    var earliest = now.minus(LIFETIME).getEpochSecond();
    var latest = now.plus(AHEAD).getEpochSecond();
    tokens
        .entrySet()
        .removeIf(
            token ->
                !possible(token.getKey())
                    || token.getValue() <= earliest
                    || token.getValue() >= latest);
    var read = new TokenFile(file, whole, tokens, member.isArray() || tokens.size() < found);
    read.forgetOldest();
    return read;
  }

  /** A time as it should be, or one that is always too old. */
  private static long seconds(JsonNode time) {
    return time.isNumber() && time.canConvertToLong() ? time.longValue() : Long.MIN_VALUE;
  }

  private void forgetOldest() {
    while (tokens.size() > MOST_TOKENS) {
      tokens.entrySet().stream()
          .min(Map.Entry.comparingByValue())
          .map(Map.Entry::getKey)
          .ifPresent(tokens::remove);
      changed = true;
    }
  }

  /** Tokens in the order in which they came, with their times in Unix seconds. */
  Map<String, Long> tokens() {
    return tokens;
  }

  void add(String token, Instant now) {
    tokens.put(token, now.getEpochSecond());
    changed = true;
    forgetOldest();
  }

  void remove(String token) {
    changed |= tokens.remove(token) != null;
  }

  void clear() {
    changed |= !tokens.isEmpty();
    tokens.clear();
  }

  /** Writes the file if it is not any more what was read. */
  void save() throws IOException {
    if (!changed) {
      return;
    }
    var member = whole.putObject(MEMBER);
    tokens.forEach(member::put);
    var bytes = JSON.writeValueAsBytes(whole);
    if (bytes.length > LARGEST_FILE) {
      bytes = JSON.writeValueAsBytes(JSON.createObjectNode().set(MEMBER, member));
    }
    DurableFile.write(file, bytes);
    changed = false;
  }
}
