package dev.postbus.cert.acme;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads settings below {@code postbus.acme}, and collects what is wrong with them.
 *
 * @param settings by their whole names
 * @param problems what is wrong so far
 */
record SettingReader(Function<String, Optional<String>> settings, List<String> problems) {
  private static final String PREFIX = "postbus.acme.";
  private static final int LAST_PORT = 65535;
  private static final Pattern ADDRESS =
      Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\]):([1-9]\\d{0,4})");

  Optional<String> text(String name) {
    return settings.apply(PREFIX + name).map(String::strip).filter(text -> !text.isEmpty());
  }

  Optional<Path> file(String name) {
    return text(name)
        .filter(path -> path.startsWith("/") || refused(name, path, "a file's absolute path"))
        .map(Path::of);
  }

  Optional<URI> directory(String name) {
    return text(name)
        .filter(
            url ->
                url.matches("https://[A-Za-z0-9.:_/\\[\\]-]{1,500}")
                    || refused(name, url, "the https address of an ACME directory"))
        .map(URI::create);
  }

  Optional<Integer> port(String name) {
    return text(name)
        .filter(
            number ->
                (number.matches("[1-9]\\d{0,4}") && Integer.parseInt(number) <= LAST_PORT)
                    || refused(name, number, "a port from 1 to " + LAST_PORT))
        .map(Integer::parseInt);
  }

  /** One whose name is looked up when it is used, as it may be known only later. */
  Optional<InetSocketAddress> peer(String name) {
    return address(name)
        .map(at -> InetSocketAddress.createUnresolved(at.getHostString(), at.getPort()));
  }

  Optional<InetSocketAddress> address(String name) {
    return text(name).flatMap(text -> parsed(name, text));
  }

  List<InetSocketAddress> addresses(String name) {
    var found = new ArrayList<InetSocketAddress>();
    for (var part : text(name).orElse("").split(",")) {
      parsed(name, part.strip()).ifPresent(found::add);
    }
    return found;
  }

  String choice(String name, String standard, Collection<String> allowed) {
    return text(name)
        .filter(
            word ->
                allowed.contains(word)
                    || refused(name, word, "one of " + String.join(", ", new TreeSet<>(allowed))))
        .orElse(standard);
  }

  boolean flag(String name, boolean standard) {
    return Boolean.parseBoolean(choice(name, Boolean.toString(standard), List.of("true", "false")));
  }

  private Optional<InetSocketAddress> parsed(String name, String text) {
    var match = ADDRESS.matcher(text);
    if (!match.matches() || Integer.parseInt(match.group(2)) > LAST_PORT) {
      refused(name, text, "HOST:PORT");
      return Optional.empty();
    }
    return Optional.of(new InetSocketAddress(match.group(1), Integer.parseInt(match.group(2))));
  }

  /** Always false. */
  private boolean refused(String name, String value, String allowed) {
    problems.add(
        "%s is '%s', but must be %s"
            .formatted(
                (PREFIX + name).toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"), value, allowed));
    return false;
  }
}
