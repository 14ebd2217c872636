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
        Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");

    @Override
    public Optional<String> canonical(String text) {
      var domain = text.toLowerCase(Locale.ROOT);
      var numeric = domain.matches("[\\d.]+");
      var fits = numeric ? ADDRESS.matcher(domain).matches() : NAME.matcher(domain).matches();
      return fits && domain.length() <= 253 ? Optional.of(domain) : Optional.empty();
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
                  .noneMatch(c -> Character.isISOControl(c) || "${};`\\\"".indexOf(c) >= 0);
      return harmless ? Optional.of(text.strip()) : Optional.empty();
    }

    @Override
    public String allowed() {
      return "one line of at most 2000 characters without control characters and ${};`\\\"";
    }
  }

  /** An e-mail address or nothing. */
  record Email() implements Kind {
    @Override
    public Optional<String> canonical(String text) {
      return text.isEmpty()
              || text.matches("[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})+")
          ? Optional.of(text)
          : Optional.empty();
    }

    @Override
    public String allowed() {
      return "an e-mail address, or empty";
    }
  }

  /** An HTTPS or HTTP address, or nothing. */
  record Url() implements Kind {
    @Override
    public Optional<String> canonical(String text) {
      if (text.isEmpty()) {
        return Optional.of(text);
      }
      if (!text.matches("https?://[A-Za-z0-9.:_/\\[\\]-]{1,500}")) {
        return Optional.empty();
      }
      try {
        return URI.create(text).getRawAuthority() == null ? Optional.empty() : Optional.of(text);
      } catch (IllegalArgumentException e) {
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
      if (text.isBlank()) {
        return Optional.of("");
      }
      var paths = List.of(text.strip().split(" +"));
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
