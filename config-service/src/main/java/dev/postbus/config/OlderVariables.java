package dev.postbus.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Variables of the environment that are no keys, but were known to the container images that came
 * before this relay: what they asked for either happens, or somebody is told why it does not.
 */
final class OlderVariables {
  private static final String REWRITE = "FORCE_REINIT_INI_FILE";
  private static final Kind.Flag FLAG = new Kind.Flag();

  private static final Map<String, String> WITHOUT_EFFECT =
      Map.of(
          "RECREATE_VENV",
          "there is nothing to recreate any more",
          "CHANGE_KERNEL_SETTINGS",
          "the kernel's settings are the host's: ./postbus doctor looks at them, and says what to set"
              + " there",
          "DEBUG_COMMANDS_ENABLED",
          "there are no start scripts any more whose commands could be printed: see ./postbus logs");

  private OlderVariables() {}

  /** Whether the ini file is to be written anew from environment and defaults. */
  static boolean rewriteIni(Map<String, String> environment) throws InvalidConfiguration {
    var text = environment.getOrDefault(REWRITE, "").strip();
    if (text.isEmpty()) {
      return false;
    }
    var value = FLAG.canonical(text);
    if (value.isEmpty()) {
      throw new InvalidConfiguration(
          List.of(
              Problem.inFile(
                  null, REWRITE + " must be " + FLAG.allowed() + ", not '" + text + "'")));
    }
    return Boolean.parseBoolean(value.get());
  }

  /** A line for each variable that asks for what there is no more. */
  static List<String> notices(Map<String, String> environment) {
    var notices = new ArrayList<String>();
    WITHOUT_EFFECT.forEach(
        (variable, why) -> {
          var value = environment.getOrDefault(variable, "").strip();
          if (!value.isEmpty() && !isFalse(value)) {
            notices.add(variable + " has no effect: " + why);
          }
        });
    if (isFalse(environment.getOrDefault("ENABLE_CERTS_MONITORING", "").strip())) {
      notices.add(
          "ENABLE_CERTS_MONITORING has no effect: a certificate that was replaced is always taken");
    }
    notices.sort(null);
    return notices;
  }

  private static boolean isFalse(String value) {
    return FLAG.canonical(value).filter("false"::equals).isPresent();
  }
}
