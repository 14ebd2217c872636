package dev.postbus.web.console;

import java.util.List;

/**
 * A page of the menu.
 *
 * @param path below the console's own
 * @param name as it is shown
 * @param here whether it is the one that is shown, or above it
 */
record Place(String path, String name, boolean here) {
  /** All of them, seen from a page. */
  static List<Place> all(String at) {
    return List.of(
        of("", "Overview", at),
        of("events", "Events", at),
        of("configuration", "Configuration", at),
        of("certificate", "Certificate", at),
        of("users", "Users", at),
        of("invites", "Invitations", at),
        of("dead-letters", "Dead letters", at),
        of("doctor", "Doctor", at));
  }

  private static Place of(String path, String name, String at) {
    var here = path.isEmpty() ? at.isEmpty() : at.equals(path) || at.startsWith(path + "/");
    return new Place(path.isEmpty() ? "" : "/" + path, name, here);
  }
}
