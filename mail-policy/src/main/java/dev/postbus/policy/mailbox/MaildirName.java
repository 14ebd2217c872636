package dev.postbus.policy.mailbox;

/** What the name of a Maildir message tells: {@code <seconds>.<unique>,S=<bytes>,W=<bytes>:2,S}. */
public final class MaildirName {
  /** A name does not tell. */
  public static final long UNKNOWN = -1;

  // A terabyte, and the year 33658: nothing real has more, and no sum of those runs over.
  private static final int MOST_DIGITS = 12;

  private MaildirName() {}

  /** The size by which Dovecot counts quota, in bytes: of the mail before it was compressed. */
  public static long size(String name) {
    var mark = name.indexOf(",S=");
    return mark < 0 ? UNKNOWN : number(name, mark + 3);
  }

  /** When it was delivered, in seconds since 1970. */
  public static long delivered(String name) {
    var dot = name.indexOf('.');
    return dot < 1 || end(name, 0) != dot ? UNKNOWN : number(name, 0);
  }

  private static long number(String name, int from) {
    var end = end(name, from);
    return end == from || end - from > MOST_DIGITS ? UNKNOWN : Long.parseLong(name, from, end, 10);
  }

  private static int end(String name, int from) {
    var end = from;
    while (end < name.length() && name.charAt(end) >= '0' && name.charAt(end) <= '9') {
      end++;
    }
    return end;
  }
}
