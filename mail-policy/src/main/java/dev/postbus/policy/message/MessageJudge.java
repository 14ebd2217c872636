package dev.postbus.policy.message;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.field.address.LenientAddressParser;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;

/**
 * Walks a message's structure as a stream: memory does not grow with the message. What is not
 * understood is cleartext.
 */
public final class MessageJudge {
  private static final int SMALL_BODY = 1000;
  private static final MimeConfig LIMITS =
      MimeConfig.custom()
          .setMaxLineLen(10_000)
          .setMaxHeaderLen(100_000)
          .setMaxHeaderCount(1000)
          .setMaxContentLen(-1)
          .build();

  private final boolean outgoing;

  private String contentType = "";
  private String secureJoin = "";
  private String subject = "";
  private boolean autoSubmitted;
  private final List<String> from = new ArrayList<>();

  private int parts;
  private boolean versionPart;
  private boolean encryptedPart;
  private boolean secureJoinBody;
  private boolean strange;

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
    return new MessageJudge(outgoing).walk(message);
  }

  private Judgement walk(InputStream message) throws IOException {
    var tokens = new MimeTokenStream(LIMITS);
    tokens.parse(message);
    try {
      var depth = 0;
      for (var state = tokens.getState();
          state != EntityState.T_END_OF_STREAM;
          state = tokens.next()) {
        switch (state) {
          case T_START_MULTIPART -> {
            depth++;
            strange |= depth > 1;
            if (depth == 1) {
              contentType = tokens.getBodyDescriptor().getMimeType();
            }
          }
          case T_END_MULTIPART -> depth--;
          case T_FIELD -> {
            if (depth == 0) {
              header(tokens.getField().getName(), String.valueOf(tokens.getField().getBody()));
            }
          }
          case T_BODY -> body(tokens, depth);
          case T_PREAMBLE, T_EPILOGUE -> strange |= hasWords(tokens.getInputStream());
          default -> {}
        }
      }
    } catch (MimeException e) {
      strange = true;
    }
    return new Judgement(kind(), from, autoSubmitted);
  }

  private void header(String name, String value) {
    switch (name.toLowerCase(Locale.ROOT)) {
      case "from" -> from.addAll(addresses(value));
      case "subject" -> subject = value.strip();
      case "secure-join" -> secureJoin = value.strip();
      case "auto-submitted" -> autoSubmitted = !value.strip().equalsIgnoreCase("no");
      default -> {}
    }
  }

  private void body(MimeTokenStream tokens, int depth) throws IOException {
    var type = tokens.getBodyDescriptor().getMimeType().toLowerCase(Locale.ROOT);
    parts++;
    if (depth == 0) {
      contentType = type;
    }
    if (depth == 1 && parts == 1 && type.equals("application/pgp-encrypted")) {
      versionPart = small(tokens.getInputStream()).strip().equals("Version: 1");
    } else if (depth == 1 && parts == 2 && type.equals("application/octet-stream") && versionPart) {
      encryptedPart = OpenPgpMessage.isIn(tokens.getInputStream(), !outgoing);
    } else if (parts == 1 && type.equals("text/plain") && !secureJoin.isEmpty()) {
      secureJoinBody =
          small(tokens.getDecodedInputStream())
              .strip()
              .equalsIgnoreCase("secure-join: " + secureJoin);
    }
  }

  private MessageKind kind() {
    var type = contentType.toLowerCase(Locale.ROOT);
    if (!strange && type.equals("multipart/encrypted") && parts == 2 && encryptedPart) {
      return MessageKind.ENCRYPTED;
    }
    var request =
        secureJoin.equalsIgnoreCase("vc-request") || secureJoin.equalsIgnoreCase("vg-request");
    if (!strange && request && parts == 1 && secureJoinBody) {
      return MessageKind.SECURE_JOIN_REQUEST;
    }
    if (type.equals("multipart/mixed") && subject.equals("Autocrypt Setup Message")) {
      return MessageKind.AUTOCRYPT_SETUP;
    }
    return type.equals("multipart/report") ? MessageKind.REPORT : MessageKind.CLEARTEXT;
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

  private static String small(InputStream body) throws IOException {
    return new String(body.readNBytes(SMALL_BODY), StandardCharsets.ISO_8859_1);
  }

  private static boolean hasWords(InputStream text) throws IOException {
    var reader = new BufferedReader(new InputStreamReader(text, StandardCharsets.ISO_8859_1));
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      if (!Character.isWhitespace(c)) {
        return true;
      }
    }
    return false;
  }
}
