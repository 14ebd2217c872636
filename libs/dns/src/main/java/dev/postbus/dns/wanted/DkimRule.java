package dev.postbus.dns.wanted;

import java.util.List;
import java.util.Optional;

/**
 * The key's record lets others verify what is signed with it (RFC 6376, section 3.6.1), however it
 * is cut into strings and its tags are ordered.
 *
 * @param wanted the record's text
 */
record DkimRule(String wanted) implements Rule {
  @Override
  public Optional<String> problem(List<String> found) {
    if (found.size() > 1) {
      return Optional.of(
          "there are %d records, of which others may take any".formatted(found.size()));
    }
    return TagList.read(found.getFirst())
        .map(this::problem)
        .orElseGet(() -> Optional.of("is not a list of tags and values"));
  }

  private Optional<String> problem(TagList tags) {
    if (!tags.value("v", "DKIM1").equals("DKIM1") || firstIsNotVersion(tags)) {
      return Optional.of("v must be DKIM1, and come first");
    }
    if (!tags.value("k", "rsa").equals("rsa")) {
      return Optional.of("k must be rsa");
    }
    if (!tags.lists("h", "sha256", "sha256")) {
      return Optional.of("h must allow sha256");
    }
    if (!tags.lists("s", "*", "*") && !tags.lists("s", "*", "email")) {
      return Optional.of("s must allow email");
    }
    if (tags.lists("t", "", "y")) {
      return Optional.of("t=y tells others not to trust it yet");
    }
    return keyProblem(key(tags));
  }

  private static boolean firstIsNotVersion(TagList tags) {
    return tags.all().containsKey("v") && !tags.all().keySet().iterator().next().equals("v");
  }

  private Optional<String> keyProblem(String key) {
    var own = TagList.read(wanted).map(DkimRule::key).orElseThrow();
    if (key.equals(own)) {
      return Optional.empty();
    }
    if (key.isEmpty()) {
      return Optional.of("p is empty, which revokes the key");
    }
    return Optional.of(
        own.startsWith(key) ? "p is cut off" : "p is another key than the one mail is signed with");
  }

  private static String key(TagList tags) {
    return tags.value("p", "").replaceAll("\\s", "");
  }
}
