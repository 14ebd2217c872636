package dev.postbus.doctor;

import dev.postbus.doctor.Finding.Level;
import java.util.List;

/** One thing to look at. */
public interface Check {
  /** Its name, one word. */
  String name();

  /** Looks; never empty. */
  List<Finding> look();

  /** It is as it should be. */
  default Finding ok(String message) {
    return new Finding(name(), Level.OK, message, null);
  }

  /** It works, but not well. */
  default Finding warning(String message, String next) {
    return new Finding(name(), Level.WARNING, message, next);
  }

  /** Something will not work. */
  default Finding problem(String message, String next) {
    return new Finding(name(), Level.PROBLEM, message, next);
  }
}
