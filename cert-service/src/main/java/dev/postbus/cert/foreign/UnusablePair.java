package dev.postbus.cert.foreign;

import java.util.List;

/** A certificate and key that will not be used, with every reason; none shows a byte of the key. */
public final class UnusablePair extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;
  private final boolean perhapsHalf;

  /**
   * A refusal.
   *
   * @param perhapsHalf whether it would look like this while somebody is writing the files
   */
  UnusablePair(List<String> problems, boolean perhapsHalf) {
    super(String.join("; ", Printable.texts(problems)));
    this.problems = Printable.texts(problems);
    this.perhapsHalf = perhapsHalf;
  }

  /** Every reason. */
  public List<String> problems() {
    return problems;
  }

  boolean perhapsHalf() {
    return perhapsHalf;
  }
}
