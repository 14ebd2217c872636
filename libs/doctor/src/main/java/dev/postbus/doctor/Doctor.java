package dev.postbus.doctor;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs checks.
 *
 * @param checks in the order of what they find
 */
public record Doctor(List<Check> checks) {
  /** Copies the list. */
  public Doctor {
    checks = List.copyOf(checks);
  }

  /** What all of them find. */
  public List<Finding> look() {
    var found = new ArrayList<Finding>();
    for (var check : checks) {
      try {
        found.addAll(check.look());
      } catch (RuntimeException e) {
        // One that cannot look must not keep the others from it.
        found.add(
            check.warning(
                "could not be looked at: " + e.getMessage(),
                "run it again as root, and report it"));
      }
    }
    return found;
  }
}
