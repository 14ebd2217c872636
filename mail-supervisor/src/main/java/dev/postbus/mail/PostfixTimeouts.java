package dev.postbus.mail;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the lines by which Postfix says that a client did not answer in time: {@code <time> <host>
 * <program>[<pid>]: timeout after <command> from <client>}. All that is looked at is whether those
 * two words follow Postfix's own beginning of the line, which no client has a part in; what follows
 * them, which one has, is not read.
 */
final class PostfixTimeouts {
  private static final String END_OF_PREFIX = "]: ";
  private static final String WORDS = "timeout after ";

  private final LongAdder count = new LongAdder();

  /** Looks at a line of a process. */
  void line(String process, String line) {
    if (process.equals(MailDaemons.POSTFIX)) {
      var prefix = line.indexOf(END_OF_PREFIX);
      if (prefix > 0 && line.startsWith(WORDS, prefix + END_OF_PREFIX.length())) {
        count.increment();
      }
    }
  }

  /** How many since the start of this process. */
  long count() {
    return count.sum();
  }
}
