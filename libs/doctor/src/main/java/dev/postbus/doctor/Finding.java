package dev.postbus.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a check found.
 *
 * @param check its name
 * @param level how bad it is
 * @param message what is so
 * @param next what to do about it; null where nothing has to be done
 */
public record Finding(String check, Level level, String message, @Nullable String next) {
  /** What is not as it should be has a next step, and nothing else does. */
  public Finding {
    if ((next == null) != (level == Level.OK)) {
      throw new IllegalArgumentException(check + ": " + level + " with the next step " + next);
    }
  }

  /** How bad it is. */
  public enum Level {
    /** As it should be. */
    @JsonProperty("ok")
    OK,
    /** The relay works, but worse than it could, or not for everybody. */
    @JsonProperty("warning")
    WARNING,
    /** Something will not work. */
    @JsonProperty("problem")
    PROBLEM
  }
}
