package dev.postbus.policy.smtp;

import dev.postbus.policy.count.EnumCounter;
import dev.postbus.policy.dkim.Verdict;

/** What one filter has done since the start of this process. */
public final class FilterCounters {
  private final EnumCounter<FilterVerdict> verdicts = new EnumCounter<>(FilterVerdict.class);
  private final EnumCounter<Answer> answers = new EnumCounter<>(Answer.class);
  private final EnumCounter<Verdict> signatures = new EnumCounter<>(Verdict.class);

  /** What the next server made of a message that passed. */
  public enum Answer {
    /** 2xx. */
    TAKEN,
    /** 4xx, or no answer. */
    PUT_OFF,
    /** 5xx. */
    REFUSED;

    static Answer of(int code) {
      return code < 300 ? TAKEN : code < 500 ? PUT_OFF : REFUSED;
    }
  }

  /** Messages by what they were found to be. */
  public EnumCounter<FilterVerdict> verdicts() {
    return verdicts;
  }

  /** Messages that passed, by what the next server made of them. */
  public EnumCounter<Answer> answers() {
    return answers;
  }

  /** Messages whose DKIM signatures were looked at. */
  public EnumCounter<Verdict> signatures() {
    return signatures;
  }

  Verdict counted(Verdict verdict) {
    signatures.count(verdict);
    return verdict;
  }
}
