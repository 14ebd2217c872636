package dev.postbus.policy.message;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.field.address.LenientAddressParser;

/**
 * Walks a message as a stream: memory does not grow with it, and it is read only as far as it can
 * be what passes. What is not understood is cleartext.
 */
public final class MessageJudge {
  private static final int SMALL_BODY = 1000;
  // More would not be quicker, but each has a block of the message in memory.
  private static final Semaphore AT_ONCE = new Semaphore(16);
  private static final Set<String> REQUESTS = Set.of("vc-request", "vg-request");
  private static final Set<String> REQUEST_TEXTS =
      Set.of("secure-join: vc-request", "secure-join: vg-request");

  private final boolean outgoing;

  private MessageJudge(boolean outgoing) {
    this.outgoing = outgoing;
  }

  /**
   * Judges a message.
   *
   * @param message its bytes with CRLF line ends, read once
   * @param outgoing whether one of our users sends it, for whom the rules are stricter
   */
  public static Judgement judge(InputStream message, boolean outgoing) throws IOException {
    AT_ONCE.acquireUninterruptibly();
    try {
      return new MessageJudge(outgoing).walk(new Lines(message));
    } finally {
      AT_ONCE.release();
    }
  }

  private Judgement walk(Lines lines) throws IOException {
    Header header;
    try {
      header = Header.read(lines);
    } catch (MalformedMessageException e) {
      return new Judgement(MessageKind.CLEARTEXT, List.of(), false);
    }
    var from = new ArrayList<String>();
    header.all("from").forEach(value -> from.addAll(addresses(value)));
    var autoSubmitted = header.only("auto-submitted");
    MessageKind kind;
    try {
      kind = kindOf(header, lines);
    } catch (MalformedMessageException e) {
      kind = MessageKind.CLEARTEXT;
    }
    return new Judgement(
        kind, from, !autoSubmitted.isEmpty() && !autoSubmitted.equalsIgnoreCase("no"));
  }

  private MessageKind kindOf(Header header, Lines lines) throws IOException {
    var type = ContentType.of(header);
    if (type.type().equals("multipart/encrypted")) {
      return isEncrypted(new Parts(lines, type)) ? MessageKind.ENCRYPTED : MessageKind.CLEARTEXT;
    }
    if (REQUESTS.contains(header.only("secure-join")) && isRequest(type, lines)) {
      return MessageKind.SECURE_JOIN_REQUEST;
    }
    return switch (type.type()) {
      case "multipart/mixed" ->
          header.only("subject").equals("Autocrypt Setup Message")
              ? MessageKind.AUTOCRYPT_SETUP
              : MessageKind.CLEARTEXT;
      case "multipart/report" -> MessageKind.REPORT;
      default -> MessageKind.CLEARTEXT;
    };
  }

  /** The structure of RFC 3156 section 4. */
  private boolean isEncrypted(Parts parts) throws IOException {
    return parts.next()
        && typeOf(parts).equals("application/pgp-encrypted")
        && smallBody(parts).equals("Version: 1")
        && parts.next()
        && typeOf(parts).equals("application/octet-stream")
        && Armor.isIn(parts, !outgoing)
        && !parts.next()
        && nothingAround(parts);
  }

  private boolean isRequest(ContentType type, Lines lines) throws IOException {
    if (!type.isMultipart()) {
      var all = new Parts(lines, new ContentType(type.type(), "\n"));
      return type.type().equals("text/plain") && REQUEST_TEXTS.contains(lower(smallBody(all)));
    }
    var parts = new Parts(lines, type);
    return parts.next()
        && typeOf(parts).equals("text/plain")
        && REQUEST_TEXTS.contains(lower(smallBody(parts)))
        && !parts.next()
        && nothingAround(parts);
  }

  /** Other servers' users may have clients that put a sentence there for those without OpenPGP. */
  private boolean nothingAround(Parts parts) throws IOException {
    return !outgoing || !parts.hasTextAround();
  }

  private static String typeOf(Parts parts) throws IOException {
    return ContentType.of(Header.read(parts.lines())).type();
  }

  /** A body of a few words; longer ones are as wrong as other words. */
  private static String smallBody(Parts parts) throws IOException {
    var text = new StringBuilder();
    while (parts.nextLine()) {
      text.append(parts.lines().text()).append("\r\n");
      if (text.length() > SMALL_BODY) {
        throw new MalformedMessageException("more than a few words");
      }
    }
    return text.toString().strip();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static List<String> addresses(String value) {
    try {
      var all = new ArrayList<String>();
      for (var mailbox : LenientAddressParser.DEFAULT.parseAddressList(value).flatten()) {
        all.add(addressOf(mailbox));
      }
      return all.isEmpty() ? List.of("") : all;
    } catch (RuntimeException e) {
      return List.of("");
    }
  }

  private static String addressOf(Mailbox mailbox) {
    return mailbox.getDomain() == null
        ? mailbox.getLocalPart()
        : mailbox.getLocalPart() + "@" + mailbox.getDomain();
  }
}
