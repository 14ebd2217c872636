package dev.postbus.config;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a value may be. A kind turns what was written into the canonical form, or says what is
 * allowed. No kind lets through what could end a line or start an expansion in a daemon's file.
 */
sealed interface Kind {
  /** The canonical form, or empty if the text is not allowed. */
  Optional<String> canonical(String text);

  /** What is allowed, in words that follow "must be". */
  String allowed();

  /** A whole number between bounds. */
  record Count(long least, long most) implements Kind {
    @Override
    public Optional<String> canonical(String text) {
      if (!text.matches("\\d{1,18}")) {
        return Optional.empty();
      }
      var value = Long.parseLong(text);
      return value >= least && value <= most ? Optional.of(Long.toString(value)) : Optional.empty();
    }

    @Override
    public String allowed() {
      return "a whole number from " + least + " to " + most;
    }
  }

  /** A number of bytes, or of MiB or GiB with a unit; canonical in bytes. */
  record Bytes(long least, long most) implements Kind {
    @Override
    public Optional<String> canonical(String text) {
      var size = new Size().canonical(text);
      if (size.isEmpty()) {
        return new Count(least, most).canonical(text);
      }
      var number = size.get().substring(0, size.get().length() - 1);
      var shift = size.get().endsWith("G") ? 30 : 20;
      return new Count(least, most).canonical(Long.toString(Long.parseLong(number) << shift));
    }

    @Override
    public String allowed() {
      return new Count(least, most).allowed() + ", in bytes, or a size such as 30M";
    }
  }

  /** A size with a unit. */
  record Size() implements Kind {
    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8})([MG])B?");

    @Override
    public Optional<String> canonical(String text) {
      var match = FORM.matcher(text.toUpperCase(Locale.ROOT));
      return match.matches() ? Optional.of(match.group(1) + match.group(2)) : Optional.empty();
    }

    @Override
    public String allowed() {
      return "a size such as 500M or 2G, with or without a B";
    }
  }

  /** One of some words. */
  record Choice(List<String> words) implements Kind {
    public Choice {
      words = List.copyOf(words);
    }

    @Override
    public Optional<String> canonical(String text) {
      var word = text.toLowerCase(Locale.ROOT);
      return words.contains(word) ? Optional.of(word) : Optional.empty();
    }

    @Override
    public String allowed() {
      return "one of " + String.join(", ", words);
    }
  }

  /** Yes or no. */
  record Flag() implements Kind {
    @Override
    public Optional<String> canonical(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true", "yes", "on", "1" -> Optional.of("true");
        case "false", "no", "off", "0" -> Optional.of("false");
        default -> Optional.empty();
      };
    }

    @Override
    public String allowed() {
      return "true or false";
    }
  }

  /** The relay's domain, or an IPv4 address. */
  record Domain() implements Kind {
    private static final Pattern NAME =
        Pattern.compile(
            "_?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+");
    private static final Pattern ADDRESS =
        Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    // No top-level domain is a number: what ends in one is an address gone wrong.
    private static final Pattern NUMBER_AT_END = Pattern.compile(".*\\.\\d+");

    @Override
    public Optional<String> canonical(String text) {
      // Some letters that are not ASCII have lower case forms that are, such as the Kelvin sign.
      if (text.length() > 253 || !text.chars().allMatch(c -> c < 128)) {
        return Optional.empty();
      }
      var domain = text.toLowerCase(Locale.ROOT);
      var fits =
          NUMBER_AT_END.matcher(domain).matches()
              ? ADDRESS.matcher(domain).matches()
              : NAME.matcher(domain).matches();
      return fits ? Optional.of(domain) : Optional.empty();
    }

    @Override
    public String allowed() {
      return "a domain such as chat.example.org, one that begins with _ for a private relay, or an"
          + " IPv4 address";
    }
  }

  /** One line of text for people; printable, without what some daemon's syntax would interpret. */
  record Text() implements Kind {
    @Override
    public Optional<String> canonical(String text) {
      var harmless =
          text.length() <= 2000
              && text.chars()
                  .noneMatch(c -> Character.isISOControl(c) || "${};`\\\"".indexOf(c) >= 0)
              && text.codePoints().noneMatch(Text::endsLineOrIsNoCharacter);
      return harmless ? Optional.of(text.strip()) : Optional.empty();
    }

    private static boolean endsLineOrIsNoCharacter(int point) {
      return switch (Character.getType(point)) {
        // A surrogate without its other half is not text, and cannot be written as UTF-8.
        case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
        default -> false;
      };
    }

    @Override
    public String allowed() {
      return "one line of at most 2000 characters without control characters and ${};`\\\"";
    }
  }

  /** An e-mail address or nothing. */
  record Email() implements Kind {
    // RFC 5321, section 4.5.3.1.3, without the brackets.
    private static final int LONGEST = 254;
    private static final Pattern FORM =
        Pattern.compile(
            "[A-Za-z0-9_+-]+(?:\\.[A-Za-z0-9_+-]+)*"
                + "@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+"
                + "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    @Override
    public Optional<String> canonical(String text) {
      var fits =
          text.isEmpty()
              || (text.length() <= LONGEST
                  && text.indexOf('@') <= 64
                  && FORM.matcher(text).matches());
      return fits ? Optional.of(text) : Optional.empty();
    }

    @Override
    public String allowed() {
      return "an e-mail address, or empty";
    }
  }

  /** An HTTPS or HTTP address, or nothing. */
  record Url() implements Kind {
    private static final Pattern FORM =
        Pattern.compile(
            "https?://(?:[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*|\\[[0-9A-Fa-f:.]+\\])"
                + "(?::([1-9]\\d{0,4}))?(?:/[A-Za-z0-9.:_/-]*)?");

    @Override
    public Optional<String> canonical(String text) {
      if (text.isEmpty()) {
        return Optional.of(text);
      }
      var match = FORM.matcher(text);
      if (text.length() > 500 || !match.matches()) {
        return Optional.empty();
      }
      var port = match.group(1);
      if (port != null && Integer.parseInt(port) > 65_535) {
        return Optional.empty();
      }
      try {
        URI.create(text);
        return Optional.of(text);
      } catch (IllegalArgumentException notOne) {
        return Optional.empty();
      }
    }

    @Override
    public String allowed() {
      return "an address such as https://relay.example.org, or empty";
    }
  }

  /** A number of absolute paths, separated by a space; or nothing. */
  record Paths(int count) implements Kind {
    @Override
    public Optional<String> canonical(String text) {
      var words = text.replaceAll("^ +| +$", "");
      if (words.isEmpty()) {
        return Optional.of("");
      }
      var paths = List.of(words.split(" +"));
      var fit =
          paths.size() == count
              && paths.stream().allMatch(p -> p.matches("/[A-Za-z0-9._/+@=-]{1,500}"));
      return fit ? Optional.of(String.join(" ", paths)) : Optional.empty();
    }

    @Override
    public String allowed() {
      return (count == 1 ? "an absolute path" : count + " absolute paths separated by a space")
          + " (letters, digits and ._/+@=-), or empty";
    }
  }

  /** A folder of pages, {@code disabled}, or nothing. */
  record WwwFolder() implements Kind {
    @Override
    public Optional<String> canonical(String text) {
      return text.equals("disabled") ? Optional.of(text) : new Paths(1).canonical(text);
    }

    @Override
    public String allowed() {
      return "an absolute path, disabled, or empty";
    }
  }

  /** An IP address to listen on, or nothing. */
  record Address() implements Kind {
    @Override
    public Optional<String> canonical(String text) {
      return text.isEmpty() || isLiteral(text) ? Optional.of(text) : Optional.empty();
    }

    private static boolean isLiteral(String text) {
      // Four parts or colons: inet_aton's shorter forms are nobody's wish.
      if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F.:]*:[0-9a-fA-F.:]*")) {
        return false;
      }
      try {
        return !InetAddress.ofLiteral(text).getHostAddress().isEmpty();
      } catch (IllegalArgumentException notOne) {
        return false;
      }
    }

    @Override
    public String allowed() {
      return "an IP address, or empty";
    }
  }
}
