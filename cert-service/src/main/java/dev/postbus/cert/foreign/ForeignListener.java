package dev.postbus.cert.foreign;

import java.util.List;

/** Hears what a foreign manager keeps; called on one thread. */
public interface ForeignListener {
  /** A pair that can be used; called again whenever the files hold another one. */
  void accepted(ForeignPair pair);

  /** What is there cannot be used; what was accepted before goes on. */
  void refused(List<String> problems);
}
