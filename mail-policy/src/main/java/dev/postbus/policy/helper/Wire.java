package dev.postbus.policy.helper;

import dev.postbus.policy.dkim.Verdict;
import dev.postbus.policy.message.Judgement;
import dev.postbus.policy.message.MessageKind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What is said between a process and its helper, over one connection, a request after another. The
 * helper greets; a request is a letter with what belongs to it; until its answer, the helper may
 * ask back for more of the message or for a key. So neither side ever writes what the other does
 * not read, and a helper asks nobody else.
 */
final class Wire {
  /** What a helper says first. Its number changes with anything below. */
  static final String GREETING = "postbus-helper 1\n";

  static final int PING = 'p';
  static final int HASH = 'h';
  static final int JUDGE_OUTGOING = 'o';
  static final int JUDGE_INCOMING = 'i';
  static final int CHECK = 'c';

  static final int MORE = 'M';
  static final int KEY = 'K';
  static final int ANSWER = 'A';
  static final int FAILED = 'F';

  /** Bytes of a message at once. */
  static final int PIECE = 16 * 1024;

  private static final int LONGEST_TEXT = 1 << 20;
  private static final int MOST_TEXTS = 10_000;

  private final DataInputStream in;
  private final DataOutputStream out;

  Wire(InputStream in, OutputStream out) {
    this.in = new DataInputStream(new BufferedInputStream(in, 4096));
    this.out = new DataOutputStream(new BufferedOutputStream(out, 4096));
  }

  /** A letter; -1 at the end. */
  int letter() throws IOException {
    return in.read();
  }

  void letter(int letter) throws IOException {
    out.writeByte(letter);
  }

  void flush() throws IOException {
    out.flush();
  }

  /** Reads what a helper says first, and refuses anything else. */
  void expectGreeting() throws IOException {
    var greeting = new String(in.readNBytes(GREETING.length()), StandardCharsets.US_ASCII);
    if (!greeting.equals(GREETING)) {
      throw new IOException("it is no helper of this version");
    }
  }

  void greet() throws IOException {
    out.write(GREETING.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  String text() throws IOException {
    var length = in.readInt();
    if (length < 0 || length > LONGEST_TEXT) {
      throw new IOException("a text of " + length + " bytes is not taken");
    }
    var bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("the connection ended within a text");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  void text(String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > LONGEST_TEXT) {
      throw new IOException("a text of " + bytes.length + " bytes is too long");
    }
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Whether so many texts of such lengths can be said; what a message holds can be anything. */
  static boolean takes(List<String> texts) {
    // A character is up to three bytes of UTF-8; a pair of them is four.
    return texts.size() <= MOST_TEXTS
        && texts.stream().allMatch(text -> text.length() <= LONGEST_TEXT / 3);
  }

  List<String> texts() throws IOException {
    var count = in.readInt();
    if (count < 0 || count > MOST_TEXTS) {
      throw new IOException(count + " texts are not taken");
    }
    var texts = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      texts.add(text());
    }
    return texts;
  }

  void texts(List<String> texts) throws IOException {
    if (texts.size() > MOST_TEXTS) {
      throw new IOException(texts.size() + " texts are too many");
    }
    out.writeInt(texts.size());
    for (var text : texts) {
      text(text);
    }
  }

  /** Reads the next piece of a message, all of it; returns its length, 0 at the end. */
  int piece(byte[] into) throws IOException {
    var length = in.readInt();
    if (length < 0 || length > into.length) {
      throw new IOException("a piece of " + length + " bytes is not taken");
    }
    in.readFully(into, 0, length);
    return length;
  }

  void piece(byte[] bytes, int length) throws IOException {
    out.writeInt(length);
    out.write(bytes, 0, length);
  }

  void judgement(Judgement judgement) throws IOException {
    text(judgement.kind().name());
    out.writeBoolean(judgement.autoSubmitted());
    texts(judgement.from());
  }

  Judgement judgement() throws IOException {
    var kind = constant(MessageKind.values());
    var autoSubmitted = in.readBoolean();
    return new Judgement(kind, texts(), autoSubmitted);
  }

  void verdict(Verdict verdict) throws IOException {
    text(verdict.name());
  }

  Verdict verdict() throws IOException {
    return constant(Verdict.values());
  }

  private <T extends Enum<T>> T constant(T[] all) throws IOException {
    var name = text();
    for (var one : all) {
      if (one.name().equals(name)) {
        return one;
      }
    }
    throw new IOException("an unknown constant");
  }
}
