package dev.postbus.applier;

import dev.postbus.events.RelayActivity.DaemonAction;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration would do here, as far as can be known without doing it.
 *
 * @param service whose daemons they are
 * @param daemons what would be done to each; empty if it would be refused
 * @param refusedBy the daemon whose checker refuses it
 * @param reason that checker's own words
 */
public record ChangePlan(
    String service,
    List<DaemonAction> daemons,
    @Nullable String refusedBy,
    @Nullable String reason) {
  private static final int LONGEST = 2000;

  /** Copies the list. */
  public ChangePlan {
    daemons = List.copyOf(daemons);
  }

  /**
   * What is asked about.
   *
   * @param configuration every key with its value in canonical form
   */
  public record Request(Map<String, String> configuration) {
    /**
     * Copies the map.
     *
     * @throws IllegalArgumentException if a value could be more than a value in a daemon's file:
     *     whoever asks may not be config-service, which lets none of these through
     */
    public Request {
      configuration = Map.copyOf(configuration);
      configuration.forEach(
          (key, value) -> {
            if (value.length() > LONGEST
                || value.chars().anyMatch(c -> Character.isISOControl(c) || isSyntax(c))) {
              throw new IllegalArgumentException(key + " has a value that no key may have");
            }
          });
    }

    private static boolean isSyntax(int letter) {
      return "${};`\\\"".indexOf(letter) >= 0;
    }
  }
}
