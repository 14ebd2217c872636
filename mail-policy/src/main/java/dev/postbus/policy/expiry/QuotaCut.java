package dev.postbus.policy.expiry;

import dev.postbus.policy.mailbox.MailboxWalk;
import dev.postbus.policy.mailbox.MailboxWalk.Message;
import dev.postbus.policy.mailbox.MailboxWalk.Place;
import dev.postbus.policy.mailbox.MaildirName;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Takes the oldest mails of a mailbox that holds too much. Sizes and times are those that Dovecot
 * wrote into the names: it counts quota by the sizes before compression, and a mail program may set
 * a file's time to the past. Where a name does not tell, the file does.
 *
 * @param rules target and what is too recent
 * @param counts which mails are there; those that go anyway do not count
 */
record QuotaCut(Rules rules, Predicate<Message> counts) {

  /** Where a message lies, which tells it from all others of the mailbox. */
  record Mail(Path within, Place place, Path name) {
    private static Mail of(Message message) {
      return new Mail(message.within(), message.place(), message.name());
    }
  }

  /** What may have to go, with milliseconds since 1970 and bytes. */
  record Candidate(long delivered, long size, long onDisk, Mail mail) {
    static Candidate of(Message message) {
      return new Candidate(
          deliveredMillis(message), bytes(message), message.file().size(), Mail.of(message));
    }

    private static long deliveredMillis(Message message) {
      var told = MaildirName.delivered(message.name().toString());
      return told == MaildirName.UNKNOWN ? message.changed() : told * 1000;
    }

    private static long bytes(Message message) {
      var told = MaildirName.size(message.name().toString());
      return told == MaildirName.UNKNOWN ? message.file().size() : told;
    }
  }

  /** Counts towards the quota, in bytes; 0 for what Dovecot does not count. */
  static long size(Message message) {
    return message.place() == Place.TMP ? 0 : Candidate.bytes(message);
  }

  /** Removes what is too much, or in a dry run only counts it. */
  void cut(SecureDirectoryStream<Path> mailbox, boolean dry, Tally tally) throws IOException {
    var chosen = choose(candidates(mailbox), tally);
    if (!chosen.isEmpty() && !dry) {
      MailboxWalk.visit(
          mailbox,
          message -> {
            if (chosen.contains(Mail.of(message))) {
              message.remove();
            }
          });
    }
  }

  private List<Candidate> candidates(SecureDirectoryStream<Path> mailbox) throws IOException {
    var candidates = new ArrayList<Candidate>();
    MailboxWalk.visit(
        mailbox,
        message -> {
          if (message.place() != Place.TMP && counts.test(message)) {
            candidates.add(Candidate.of(message));
          }
        });
    return candidates;
  }

  /** Chooses and counts what goes; sorts the list, oldest first. */
  Set<Mail> choose(List<Candidate> candidates, Tally tally) {
    candidates.sort(
        Comparator.comparingLong(Candidate::delivered).thenComparingLong(Candidate::size));
    var left = candidates.stream().mapToLong(Candidate::size).sum();
    var chosen = new HashSet<Mail>();
    for (var candidate : candidates) {
      // What came last stays even so: whose mailbox fills up within a day should hear of it.
      if (left <= rules.quotaTarget() || candidate.delivered() > rules.recentSince()) {
        break;
      }
      chosen.add(candidate.mail());
      tally.removed(Reason.QUOTA, candidate.onDisk());
      left -= candidate.size();
    }
    return chosen;
  }
}
