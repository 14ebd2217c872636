package dev.postbus.config;

import java.util.Map;
import java.util.function.Consumer;

/** Variables of the relay's older images that are no keys. */
final class StartVariables {
  private static final Map<String, String> WITHOUT_EFFECT =
      Map.of(
          "RECREATE_VENV",
          "there is nothing to recreate any more",
          "CHANGE_KERNEL_SETTINGS",
          "a relay without privileges cannot; what the kernel's inotify limits allow is said by"
              + " mail-supervisor",
          "DEBUG_COMMANDS_ENABLED",
          "what services and daemons say is always in ./postbus logs");

  private StartVariables() {}

  /** Says which of the variables that are set have no effect, and why. */
  static void tell(Map<String, String> environment, Consumer<String> log) {
    WITHOUT_EFFECT.forEach(
        (variable, why) -> {
          if (isTrue(environment, variable, log)) {
            log.accept(variable + " is accepted and has no effect: " + why);
          }
        });
  }

  /** Whether the ini file is written anew at each start. */
  static boolean rewriteIni(Map<String, String> environment, Consumer<String> log) {
    return isTrue(environment, "FORCE_REINIT_INI_FILE", log);
  }

  private static boolean isTrue(
      Map<String, String> environment, String variable, Consumer<String> log) {
    var text = environment.getOrDefault(variable, "").strip();
    var flag = new Kind.Flag();
    if (!text.isEmpty() && flag.canonical(text).isEmpty()) {
      log.accept(
          "%s must be %s, not '%s': taken as false".formatted(variable, flag.allowed(), text));
    }
    return flag.canonical(text).filter("true"::equals).isPresent();
  }
}
