package dev.postbus.policy.dict;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Fuzz target: Dovecot's dict protocol. */
public final class DictFuzz {
  private DictFuzz() {}

  /** Any bytes are answered in lines of the protocol, and escapes can be undone. */
  public static void fuzzerTestOneInput(byte[] input) {
    var out = new ByteArrayOutputStream();
    try {
      DictSession.serve(new ByteArrayInputStream(input), out, new Echo());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var said = out.toString(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < said.length(); i = said.indexOf('\n', i) + 1) {
      if ("ONFA\n".indexOf(said.charAt(i)) < 0) {
        throw new IllegalStateException("not an answer: " + said.substring(i));
      }
    }
    var text = new String(input, StandardCharsets.ISO_8859_1);
    if (!DictText.unescapeTabs(DictText.escapeTabs(text)).equals(text)) {
      throw new IllegalStateException("an escape was not undone");
    }
    var quoted = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("'", "\\'");
    if (!DictText.splitQuoted(quoted).equals(List.of(text))) {
      throw new IllegalStateException("a quotation was not undone");
    }
  }

  /** Answers with what it was asked. */
  private static final class Echo implements Dict {
    @Override
    public Optional<String> lookup(String user, String key) {
      return key.isEmpty() ? Optional.empty() : Optional.of(key);
    }

    @Override
    public void iterate(String prefix, Consumer<String> keys) {
      keys.accept(prefix);
      keys.accept(prefix);
    }
  }
}
