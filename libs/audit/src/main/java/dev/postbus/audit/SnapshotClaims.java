package dev.postbus.audit;

import dev.postbus.events.RawRecord;
import dev.postbus.events.RecordHead;
import dev.postbus.events.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the snapshots of a log say of records that were removed, and which of it was needed. */
final class SnapshotClaims {
  private final Map<Chain, TreeMap<Long, Claim>> claims = new TreeMap<>();
  private final List<Signer> signers = new ArrayList<>();
  private final Map<Chain, Long> begins = new HashMap<>();
  private @Nullable Removed before;
  private @Nullable Instant since;

  /**
   * That a record of a chain was this.
   *
   * @param until the newest time that the snapshot stands for
   * @param by which snapshot it is, in words
   */
  record Claim(long sequence, String digest, Instant until, String by) {}

  private record Signer(Finding finding, String source, String publicKey) {}

  /**
   * Takes a snapshot whose signature is valid.
   *
   * @return what the one before says otherwise
   */
  List<String> add(RawRecord raw, RecordHead head, Snapshot snapshot) {
    signers.add(
        new Signer(
            new Finding(
                raw.topic().kafkaName(),
                raw.offset(),
                head.source(),
                head.sequence(),
                "no checkpoint of its writer has the key that signed it: somebody else wrote this"),
            head.source(),
            snapshot.publicKey()));
    var by = "the snapshot of " + head.time();
    var removed = new Removed(snapshot);
    removed
        .byChain()
        .forEach(
            (chain, one) ->
                claims
                    .computeIfAbsent(chain, c -> new TreeMap<>())
                    .put(
                        one.sequence(),
                        new Claim(one.sequence(), one.digest(), snapshot.until(), by)));
    var contradictions = before == null ? List.<String>of() : contradictions(before, removed);
    before = removed;
    return contradictions;
  }

  private static List<String> contradictions(Removed older, Removed newer) {
    var found = new ArrayList<String>();
    var now = newer.byChain();
    new TreeMap<>(older.byChain())
        .forEach(
            (chain, one) -> {
              var other = now.get(chain);
              if (other == null
                  || other.sequence() < one.sequence()
                  || (other.sequence() == one.sequence() && !other.digest().equals(one.digest()))) {
                found.add("that one stands for %s up to %d".formatted(chain, one.sequence()));
              }
            });
    return found;
  }

  /** All chains of which something was removed, or was to be. */
  Set<Chain> chains() {
    return claims.keySet();
  }

  /**
   * Where a chain begins.
   *
   * @param last the sequence before the first record that is there
   * @return the last record that was removed; null if none was
   */
  @Nullable Claim begin(Chain chain, long last) {
    var all = claims.get(chain);
    var found = all == null ? null : all.floorEntry(last);
    if (found == null) {
      return null;
    }
    var claim = found.getValue();
    begins.put(chain, claim.sequence());
    if (since == null || claim.until().isAfter(since)) {
      since = claim.until();
    }
    return claim;
  }

  /**
   * Expects of the records that are there what snapshots say of them.
   *
   * @return what others say otherwise
   */
  List<Claim> expect(Chain chain, SignedHeads signed) {
    var contradictions = new ArrayList<Claim>();
    claims
        .getOrDefault(chain, new TreeMap<>())
        .tailMap(begins.getOrDefault(chain, 0L), false)
        .values()
        .forEach(
            claim -> {
              var other = signed.alsoExpect(chain, claim.sequence(), claim.digest(), claim.by());
              if (other != null && !other.digest().equals(claim.digest())) {
                contradictions.add(claim);
              }
            });
    return contradictions;
  }

  /** Those who signed with a key that their checkpoints do not have. */
  void unknownKeys(
      Map<String, Set<String>> keys, Consumer<Finding> findings, Consumer<String> notes) {
    for (var signer : signers) {
      var known = keys.getOrDefault(signer.source(), Set.of());
      if (known.isEmpty()) {
        notes.accept(
            "no checkpoint of %s vouches yet for the key of its snapshot at offset %d"
                .formatted(signer.source(), signer.finding().offset()));
      } else if (!known.contains(signer.publicKey())) {
        findings.accept(signer.finding());
      }
    }
  }

  /** When the newest of the removed records happened; null if none was removed. */
  @Nullable Instant since() {
    return since;
  }

  /** How many records were removed. */
  long removed() {
    return begins.values().stream().mapToLong(Long::longValue).sum();
  }
}
