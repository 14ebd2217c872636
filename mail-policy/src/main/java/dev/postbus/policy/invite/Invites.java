package dev.postbus.policy.invite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The invitations of this relay. Every change is durable before anybody is told of it, so that a
 * kill at any moment neither loses a use that was promised nor promises one twice.
 */
public final class Invites {
  /** How long a use is kept for a first login; then it is given back. */
  public static final Duration RESERVED = Duration.ofDays(1);

  /** Accounts that may come of one invitation. */
  public static final int MOST_USES = 1000;

  /** Letters of a note. */
  public static final int LONGEST_NOTE = 200;

  private static final int MOST_INVITES = 10_000;
  private static final String TOKEN_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  // 26 letters of 36 are 134 bits: nobody can try them all, so a plain hash of them will do.
  private static final int TOKEN_LENGTH = 26;
  private static final int ID_LENGTH = 10;

  private final InviteFiles files;
  private final Clock clock;
  private final Predicate<String> isMade;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Invite> all;

  /** What cannot be done, in words for whoever asked. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    /** In whole sentences, for whoever wants an account. */
    public Refused(String message) {
      super(message);
    }
  }

  /**
   * An invitation in a list.
   *
   * @param id names it; says nothing about its token
   * @param created when it was made
   * @param expires when it ends; null if it does not
   * @param uses how many accounts may come of it
   * @param made how many have
   * @param reserved how many wait for a first login
   * @param left how many may still come
   * @param ended whether its time is over
   * @param note an operator's
   */
  public record Entry(
      String id,
      Instant created,
      @Nullable Instant expires,
      int uses,
      int made,
      int reserved,
      int left,
      boolean ended,
      String note) {}

  /**
   * A new invitation.
   *
   * @param token what has to be shown; it cannot be had again
   * @param invite all else
   */
  public record Created(String token, Entry invite) {}

  private Invites(InviteFiles files, Clock clock, Predicate<String> isMade) throws IOException {
    this.files = files;
    this.clock = clock;
    this.isMade = isMade;
    this.all = files.load();
  }

  /**
   * Those in a folder.
   *
   * @param isMade whether there is an account of an address, blocked or not
   */
  public static Invites in(Path folder, Clock clock, Predicate<String> isMade) throws IOException {
    return new Invites(new InviteFiles(folder), clock, isMade);
  }

  /**
   * Makes one.
   *
   * @param uses 1 to {@link #MOST_USES}
   * @param expires when it ends; null if it does not
   * @throws Refused if one of them is not allowed
   */
  public synchronized Created create(int uses, @Nullable Instant expires, String note)
      throws IOException, Refused {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    if (uses < 1 || uses > MOST_USES) {
      throw new Refused("uses must be 1 to " + MOST_USES);
    }
    if (expires != null && !now.isBefore(expires)) {
      throw new Refused("expires must be in the future");
    }
    if (note.length() > LONGEST_NOTE || note.chars().anyMatch(Character::isISOControl)) {
      throw new Refused("a note may have " + LONGEST_NOTE + " letters, and no control characters");
    }
    if (all.size() >= MOST_INVITES) {
      throw new Refused(
          "there are "
              + MOST_INVITES
              + " invitations already: revoke those that are used up (./postbus invite list)");
    }
    var token = newToken();
    var hash = sha256(token.getBytes(StandardCharsets.US_ASCII));
    var invite = new Invite(now, expires, uses, 0, note, List.of());
    keep(hash, invite);
    return new Created(token, entry(hash, invite));
  }

  /** All, the oldest first. */
  public synchronized List<Entry> list() throws IOException {
    var entries = new ArrayList<Entry>();
    for (var hash : List.copyOf(all.keySet())) {
      entries.add(entry(hash, sweep(hash)));
    }
    entries.sort(Comparator.comparing(Entry::created).thenComparing(Entry::id));
    return entries;
  }

  /**
   * Ends one, with the uses that wait for a first login. Accounts that came of it stay.
   *
   * @return false if there is none of this id
   */
  public synchronized boolean revoke(String id) throws IOException {
    for (var hash : List.copyOf(all.keySet())) {
      if (id(hash).equals(id)) {
        files.delete(hash);
        all.remove(hash);
        return true;
      }
    }
    return false;
  }

  /**
   * Takes a use for an account that is to be made at its first login.
   *
   * @param proof SHA-256 of the password that the account is to have, in hexadecimal
   * @return until when it is kept
   * @throws Refused if the invitation does not hold, with the reason
   */
  public synchronized Instant claim(String token, String address, String proof)
      throws IOException, Refused {
    var hash = sha256(token.getBytes(StandardCharsets.UTF_8));
    if (!all.containsKey(hash)) {
      throw new Refused("This invitation is not known here, or has been revoked.");
    }
    var invite = sweep(hash);
    var now = clock.instant();
    if (invite.over(now)) {
      throw new Refused("This invitation has ended.");
    }
    if (invite.left() < 1) {
      throw new Refused("This invitation has been used up.");
    }
    var until = now.plus(RESERVED).truncatedTo(ChronoUnit.SECONDS);
    keep(hash, invite.with(new Reservation(address, proof, until)));
    return until;
  }

  /**
   * Whether a use was taken for an account, and waits.
   *
   * @param password as the bytes that came
   */
  public synchronized boolean admits(String address, byte[] password) {
    var now = clock.instant();
    var proof = sha256(password).getBytes(StandardCharsets.US_ASCII);
    return all.values().stream()
        .flatMap(invite -> invite.reservation(address).stream())
        .filter(reservation -> now.isBefore(reservation.until()))
        .anyMatch(
            reservation ->
                MessageDigest.isEqual(
                    proof, reservation.proof().getBytes(StandardCharsets.US_ASCII)));
  }

  /** The account of an address is there: the use that waited for it, if one did, is used. */
  public synchronized void made(String address) throws IOException {
    for (var each : List.copyOf(all.entrySet())) {
      if (each.getValue().reservation(address).isPresent()) {
        keep(each.getKey(), each.getValue().settled(address));
      }
    }
  }

  private Invite sweep(String hash) throws IOException {
    var before = all.get(hash);
    if (before == null) {
      throw new IllegalArgumentException("no such invitation");
    }
    var after = before.swept(clock.instant(), isMade);
    if (!after.equals(before)) {
      keep(hash, after);
    }
    return after;
  }

  private void keep(String hash, Invite invite) throws IOException {
    files.write(hash, invite);
    all.put(hash, invite);
  }

  private Entry entry(String hash, Invite invite) {
    return new Entry(
        id(hash),
        invite.created(),
        invite.expires(),
        invite.uses(),
        invite.made(),
        invite.reserved().size(),
        invite.left(),
        invite.over(clock.instant()),
        invite.note());
  }

  private static String id(String hash) {
    return hash.substring(0, ID_LENGTH);
  }

  private String newToken() {
    return random
        .ints(TOKEN_LENGTH, 0, TOKEN_LETTERS.length())
        .collect(
            StringBuilder::new,
            (text, i) -> text.append(TOKEN_LETTERS.charAt(i)),
            StringBuilder::append)
        .toString();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
