package dev.postbus.policy.expiry;

import dev.postbus.policy.expiry.QuotaCut.Candidate;
import dev.postbus.policy.mailbox.MailboxWalk.Message;
import dev.postbus.policy.mailbox.MailboxWalk.Place;
import dev.postbus.policy.mailbox.MaildirName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Fuzz target: names of files in a mailbox, one a line. What begins with an exclamation mark is
 * made a mailbox on disk, with folders where lines have a slash; else the names alone are judged.
 */
public final class MaildirNameFuzz {
  /** More is cut: 700 bytes in all. */
  static final Rules RULES = new Rules(0, 0, 0, 1_700_000_000_000L, 700);

  private static final int MOST_NAMES = 64;
  private static final Pattern SIZE = Pattern.compile(",S=([0-9]++)");
  private static final Pattern DELIVERED = Pattern.compile("^([0-9]++)\\.");
  private static final BigInteger NOTHING_REAL = BigInteger.TEN.pow(12);

  private static final Path FOLDER = temporary();
  private static final SecureDirectoryStream<Path> OPEN = open();
  private static final BasicFileAttributes FILE = file();

  private MaildirNameFuzz() {}

  /** Names are read as they are written, and of mails that are too much the oldest go, no more. */
  public static void fuzzerTestOneInput(byte[] input) {
    var text = new String(input, StandardCharsets.ISO_8859_1);
    try {
      // A disk takes hundred times as long; the same bytes are always treated in the same way.
      if (text.startsWith("!") && (text.hashCode() & 0x1f) == 0) {
        DiskMailbox.expire(FOLDER, text.substring(1).split("\n", MOST_NAMES));
        return;
      }
      var candidates = new ArrayList<Candidate>();
      for (var name : text.split("\n", MOST_NAMES)) {
        told(name, MaildirName.size(name), SIZE);
        told(name, MaildirName.delivered(name), DELIVERED);
        candidate(name, candidates);
      }
      cut(candidates);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    written(input);
  }

  /** The same question, answered by a pattern and without bounds. */
  private static void told(String name, long number, Pattern pattern) {
    var first = pattern.pattern().startsWith("^") ? 0 : Math.max(0, name.indexOf(",S="));
    var found = pattern.matcher(name).region(first, name.length());
    var there = found.lookingAt() ? new BigInteger(found.group(1)) : NOTHING_REAL;
    var digits = found.hasMatch() ? found.group(1).length() : Integer.MAX_VALUE;
    var expected = digits <= 12 ? there.longValueExact() : MaildirName.UNKNOWN;
    if (number != expected) {
      throw new IllegalStateException("told " + number + " but is " + expected);
    }
  }

  private static void candidate(String name, List<Candidate> candidates) {
    var path = DiskMailbox.name(name);
    if (path.isEmpty()) {
      return;
    }
    var place = name.length() % 2 == 0 ? Place.NEW : Place.CUR;
    var message = new Message(OPEN, Path.of(""), place, path.get(), FILE);
    var candidate = Candidate.of(message);
    if (candidate.size() < 0
        || candidate.delivered() < 0
        || QuotaCut.size(message) != candidate.size()) {
      throw new IllegalStateException("not to be counted: " + candidate);
    }
    candidates.add(candidate);
  }

  private static void cut(List<Candidate> candidates) {
    var tally = new Tally();
    var chosen = new QuotaCut(RULES, message -> true).choose(candidates, tally);
    var left = candidates.stream().map(c -> BigInteger.valueOf(c.size())).reduce(BigInteger::add);
    var sum = left.orElse(BigInteger.ZERO);
    var target = BigInteger.valueOf(RULES.quotaTarget());
    var rest = candidates.iterator();
    var gone = 0;
    var last = 0L;
    while (rest.hasNext() && sum.compareTo(target) > 0) {
      var candidate = rest.next();
      if (candidate.delivered() < last) {
        throw new IllegalStateException("a younger one came first");
      }
      last = candidate.delivered();
      if (last > RULES.recentSince()) {
        break;
      }
      if (!chosen.contains(candidate.mail())) {
        throw new IllegalStateException("stays: " + candidate);
      }
      gone++;
      sum = sum.subtract(BigInteger.valueOf(candidate.size()));
    }
    // One name may be on several lines: it is counted as often.
    if (tally.outcome(0).removed(Reason.QUOTA).count() != gone) {
      throw new IllegalStateException("too many go");
    }
  }

  /** What Dovecot writes is read back. */
  private static void written(byte[] input) {
    long size = 0;
    long delivered = 0;
    for (int i = 0; i < Math.min(10, input.length); i++) {
      var other = size;
      size = (size * 256 + (input[i] & 0xff)) % NOTHING_REAL.longValueExact();
      delivered = other;
    }
    var name = delivered + ".M1P1.host,S=" + size + ",W=" + (size + 1) + ":2,S";
    if (MaildirName.size(name) != size || MaildirName.delivered(name) != delivered) {
      throw new IllegalStateException("not read back: " + name);
    }
  }

  private static Path temporary() {
    try {
      var folder = Files.createTempDirectory("fuzz");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SecureDirectoryStream<Path> open() {
    try {
      return (SecureDirectoryStream<Path>)
          FOLDER.getFileSystem().provider().newDirectoryStream(FOLDER, any -> true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BasicFileAttributes file() {
    try {
      var file = Files.write(Files.createTempFile(FOLDER, "mail", ""), new byte[100]);
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Files.delete(file);
      return attributes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
