package dev.postbus.events;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;

/** What an environment says about events, for whoever is about to start services with it. */
public final class EventVariables {
  private EventVariables() {}

  /**
   * Looks at it as services do when they start.
   *
   * @throws ConfigException if they would refuse it; says which variable, and what is allowed
   */
  public static void check(Map<String, String> environment) {
    CheckpointInterval.of(environment::get);
    Traces.isOn(environment.get(Traces.SETTING));
  }
}
