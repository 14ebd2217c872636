package dev.postbus.audit;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a log is whole.
 *
 * @param records how many were looked at
 * @param chains what is there
 * @param findings what is wrong, in the order in which it was found; the first {@value
 *     #MOST_FINDINGS}
 * @param findingCount how many there are
 * @param notes what is not wrong, but should be known
 * @param since when the newest of the records happened that retention has removed; null if it has
 *     removed none
 * @param removed how many it has removed
 */
public record VerificationReport(
    long records,
    List<ChainReport> chains,
    List<Finding> findings,
    long findingCount,
    List<String> notes,
    @Nullable Instant since,
    long removed) {
  /** How many findings are kept. */
  public static final int MOST_FINDINGS = 100;

  /** Copies the lists. */
  public VerificationReport {
    chains = List.copyOf(chains);
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
  }

  /** Whether nothing is wrong. */
  public boolean whole() {
    return findingCount == 0;
  }
}
