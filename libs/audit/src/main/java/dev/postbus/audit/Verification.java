package dev.postbus.audit;

import dev.postbus.events.Checkpoint;
import dev.postbus.events.CheckpointSignature;
import dev.postbus.events.RawRecord;
import dev.postbus.events.RecordHead;
import dev.postbus.events.Snapshot;
import dev.postbus.events.SnapshotSignature;
import dev.postbus.events.Topic;
import dev.postbus.events.UnreadableRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether a log is as its writers wrote it: offsets and sequences without gaps, each record with
 * the digest of the one before, and all that checkpoints vouch for. Where retention has removed the
 * first records of a chain, it begins with what a snapshot says of them. In one pass; what it keeps
 * grows with the number of writers, of checkpoints and of snapshots, not with that of records.
 */
public final class Verification {
  private final Map<Chain, Link> links = new TreeMap<>();
  private final Map<String, String> keys = new HashMap<>();
  private final Map<String, Set<String>> allKeys = new HashMap<>();
  private final SignedHeads signed = new SignedHeads();
  private final SnapshotClaims snapshots = new SnapshotClaims();
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long findingCount;
  private long records;
  private @Nullable Topic topic;
  private long nextOffset;

  /** The end of a chain so far. */
  private record Link(long first, long last, String digest, long count) {}

  /** A new one; to be given all records of a log in the order of {@link AuditLog#read}. */
  public Verification() {}

  /**
   * Looks at a whole log.
   *
   * @param before chains of an export of the same log, which must still be in it; may be empty
   * @throws IOException if it cannot be read
   */
  public static VerificationReport of(AuditLog log, List<ChainReport> before) throws IOException {
    var verification = new Verification();
    before.forEach(verification::expect);
    log.read(EnumSet.allOf(Topic.class), verification::next);
    return verification.report();
  }

  /** A chain that was seen once must be there. */
  public void expect(ChainReport before) {
    var chain = new Chain(Topic.ofKafkaName(before.topic()), before.source());
    signed.expect(chain, before.last(), before.digest(), "the earlier export");
  }

  /** Takes the next record. */
  public void next(RawRecord raw) {
    records++;
    checkOffset(raw);
    RecordHead head;
    try {
      head = raw.head();
    } catch (UnreadableRecord e) {
      found(raw, null, "no service wrote this: " + e.getMessage());
      return;
    }
    raw.uncovered().ifPresent(what -> found(raw, head, "altered: " + what));
    var chain = new Chain(raw.topic(), head.source());
    var before = links.get(chain);
    if (before == null) {
      before = removedBefore(chain, head.sequence() - 1);
      snapshots.expect(chain, signed).forEach(claim -> contradicted(chain, claim));
    }
    var digest = raw.digest(head);
    var fits = fits(raw, head, before);
    var expected = signed.take(chain, head.sequence());
    if (expected != null && !expected.digest().equals(digest) && fits) {
      found(raw, head, "altered: it is another record than " + expected.by() + " vouches for");
    }
    if (raw.topic() == Topic.CHECKPOINT) {
      checkpoint(raw, head, before);
    } else if (raw.topic() == Topic.SNAPSHOT) {
      snapshot(raw, head);
    }
    if (before == null) {
      links.put(chain, new Link(head.sequence(), head.sequence(), digest, 1));
    } else if (head.sequence() > before.last()) {
      var first = before.count() == 0 ? head.sequence() : before.first();
      links.put(chain, new Link(first, head.sequence(), digest, before.count() + 1));
    } else {
      links.put(
          chain, new Link(before.first(), before.last(), before.digest(), before.count() + 1));
    }
  }

  /** What was found, after the last record. */
  public VerificationReport report() {
    snapshots.chains().stream()
        .filter(chain -> !links.containsKey(chain))
        .forEach(
            chain -> {
              var all = removedBefore(chain, Long.MAX_VALUE);
              if (all != null) {
                links.put(chain, all);
              }
            });
    snapshots.unknownKeys(allKeys, this::add, notes::add);
    signed.missing(
        (chain, expected) -> {
          var link = links.get(chain);
          var end = link == null ? "there is no record of it" : "it ends at " + link.last();
          var what =
              link != null && link.last() >= expected.getKey()
                  ? "removed: %s vouches for this record".formatted(expected.getValue().by())
                  : "cut off: %s, and %s vouches for this record"
                      .formatted(end, expected.getValue().by());
          add(
              new Finding(
                  chain.topic().kafkaName(), null, chain.source(), expected.getKey(), what));
        });
    var chains = new ArrayList<ChainReport>();
    links.forEach(
        (chain, link) -> {
          chains.add(
              new ChainReport(
                  chain.topic().kafkaName(),
                  chain.source(),
                  link.count(),
                  link.first(),
                  link.last(),
                  link.digest(),
                  Math.min(link.last(), signed.signedTo(chain)),
                  keys.get(chain.source())));
        });
    return new VerificationReport(
        records, chains, findings, findingCount, notes, snapshots.since(), snapshots.removed());
  }

  /** Where a chain begins of which retention has removed the first records; null if it has not. */
  private @Nullable Link removedBefore(Chain chain, long last) {
    var claim = snapshots.begin(chain, last);
    if (claim == null) {
      return null;
    }
    var other = signed.settle(chain, claim.sequence());
    if (other != null && !other.digest().equals(claim.digest())) {
      contradicted(chain, claim);
    }
    return new Link(0, claim.sequence(), claim.digest(), 0);
  }

  private void contradicted(Chain chain, SnapshotClaims.Claim claim) {
    add(
        new Finding(
            chain.topic().kafkaName(),
            null,
            chain.source(),
            claim.sequence(),
            claim.by() + " stands for another record than a checkpoint vouches for"));
  }

  private void snapshot(RawRecord raw, RecordHead head) {
    Snapshot snapshot;
    try {
      var event = raw.event(head);
      if (event.isEmpty()) {
        return;
      }
      snapshot = (Snapshot) event.get();
    } catch (UnreadableRecord e) {
      found(raw, head, "no snapshot: " + e.getMessage());
      return;
    }
    if (!SnapshotSignature.isValid(raw, head, snapshot)) {
      found(raw, head, "the snapshot's signature is not that of its key");
      return;
    }
    snapshots
        .add(raw, head, snapshot)
        .forEach(
            contradiction ->
                found(raw, head, "it contradicts the snapshot before it: " + contradiction));
    var accepted = snapshot.findings();
    if (accepted != null) {
      notes.add(
          "the snapshot of %s was made although %d places of the log were not as they were written: what was removed cannot be verified any more"
              .formatted(head.time(), accepted));
    }
  }

  /** Whether a checkpoint says what stands at a place of a topic, or behind it. */
  static boolean vouchesFor(RawRecord raw, RecordHead head, Topic topic, long sequence) {
    try {
      return raw.event(head).orElse(null) instanceof Checkpoint checkpoint
          && checkpoint.heads().stream()
              .anyMatch(one -> one.topic().equals(topic.kafkaName()) && one.sequence() >= sequence);
    } catch (UnreadableRecord none) {
      return false;
    }
  }

  private void checkOffset(RawRecord raw) {
    if (raw.topic() == topic && raw.offset() != nextOffset) {
      add(
          new Finding(
              raw.topic().kafkaName(),
              raw.offset(),
              null,
              null,
              "removed: offset %d should follow".formatted(nextOffset)));
    }
    topic = raw.topic();
    nextOffset = raw.offset() + 1;
  }

  private boolean fits(RawRecord raw, RecordHead head, @Nullable Link before) {
    var due = before == null ? 1 : before.last() + 1;
    if (head.sequence() < due) {
      found(
          raw,
          head,
          "repeated, inserted or out of order: sequence %d should follow".formatted(due));
    } else if (head.sequence() > due) {
      found(
          raw,
          head,
          "sequence %d should follow: what is between was removed, or this was altered, inserted or moved"
              .formatted(due));
    } else if (!Objects.equals(head.previousDigest(), before == null ? null : before.digest())) {
      found(
          raw,
          head,
          "it does not name the digest of the record before: that one or this was altered");
    } else {
      return true;
    }
    return false;
  }

  private void checkpoint(RawRecord raw, RecordHead head, @Nullable Link before) {
    Checkpoint checkpoint;
    try {
      var event = raw.event(head);
      if (event.isEmpty()) {
        return;
      }
      checkpoint = (Checkpoint) event.get();
    } catch (UnreadableRecord e) {
      found(raw, head, "no checkpoint: " + e.getMessage());
      return;
    }
    if (!CheckpointSignature.isValid(checkpoint, head.source(), head.subject())) {
      found(raw, head, "the checkpoint's signature is not that of its key");
      return;
    }
    var by = "the checkpoint of " + head.time();
    for (var signedHead : checkpoint.heads()) {
      if (!signedHead.topic().equals(Topic.CHECKPOINT.kafkaName())) {
        expect(raw, head, signedHead, by);
      } else if (before == null
          || before.last() != signedHead.sequence()
          || !before.digest().equals(signedHead.digest())) {
        found(raw, head, "it vouches for another checkpoint before it than there is");
      } else {
        signed.expect(
            new Chain(Topic.CHECKPOINT, head.source()),
            signedHead.sequence(),
            signedHead.digest(),
            by);
        signed.take(new Chain(Topic.CHECKPOINT, head.source()), signedHead.sequence());
      }
    }
    allKeys.computeIfAbsent(head.source(), source -> new HashSet<>()).add(checkpoint.publicKey());
    var known = keys.put(head.source(), checkpoint.publicKey());
    if (known != null && !known.equals(checkpoint.publicKey())) {
      notes.add(
          ("%s signs with another key since %s (sequence %d): %s, before %s. Unless its state was"
                  + " lost or made anew then, somebody else wrote this")
              .formatted(
                  head.source(),
                  head.time(),
                  head.sequence(),
                  CheckpointSignature.fingerprint(checkpoint.publicKey()).substring(0, 16),
                  CheckpointSignature.fingerprint(known).substring(0, 16)));
    }
  }

  private void expect(RawRecord raw, RecordHead head, Checkpoint.ChainHead signedHead, String by) {
    try {
      var chain = new Chain(Topic.ofKafkaName(signedHead.topic()), head.source());
      signed.expect(chain, signedHead.sequence(), signedHead.digest(), by);
    } catch (IllegalArgumentException e) {
      found(raw, head, "it vouches for a topic that no relay has: " + signedHead.topic());
    }
  }

  private void found(RawRecord raw, @Nullable RecordHead head, String what) {
    add(
        new Finding(
            raw.topic().kafkaName(),
            raw.offset(),
            head == null ? null : head.source(),
            head == null ? null : head.sequence(),
            what));
  }

  private void add(Finding finding) {
    findingCount++;
    if (findings.size() < VerificationReport.MOST_FINDINGS) {
      findings.add(finding);
    }
  }
}
