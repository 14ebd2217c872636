package dev.postbus.cert.foreign;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/** How a service and its parser speak over the parser's standard input and output. */
final class Wire {
  private static final int MOST_ITEMS = 256;
  private static final int MOST_BYTES = 5 << 20;

  private Wire() {}

  /**
   * Puts a request.
   *
   * @param files a certificate and its key, or one file with many of both
   */
  static void ask(DataOutputStream out, List<byte[]> files, List<String> names) throws IOException {
    texts(out, names);
    out.writeInt(files.size());
    for (var file : files) {
      bytes(out, file);
    }
    out.flush();
  }

  /** Has a parser answer the next request, whatever that does to it. */
  static void answerNext(DataInputStream in, PairParser parser, DataOutputStream out)
      throws IOException {
    var names = texts(in);
    var files = new ArrayList<byte[]>();
    for (int left = count(in.readInt()); left > 0; left--) {
      files.add(bytes(in));
    }
    try {
      write(
          out,
          files.size() == 1
              ? parser.parseStore(files.getFirst(), names)
              : parser.parse(files.get(0), files.get(1), names));
    } catch (UnusablePair e) {
      write(out, e);
    } catch (RuntimeException e) {
      // Its message may quote what was read.
      var why = "the files cannot be parsed: " + e.getClass().getSimpleName();
      write(out, new UnusablePair(List.of(why), true));
    }
  }

  private static void write(DataOutputStream out, ForeignPair pair) throws IOException {
    out.writeBoolean(true);
    texts(out, pair.warnings());
    out.writeBoolean(pair.issuerMissing());
    out.writeInt(pair.chain().size());
    for (var certificate : pair.chain()) {
      try {
        bytes(out, certificate.getEncoded());
      } catch (GeneralSecurityException e) {
        throw new IOException("a certificate cannot be encoded", e);
      }
    }
    out.writeUTF(pair.key().getAlgorithm());
    bytes(out, pair.key().getEncoded());
    out.flush();
  }

  private static void write(DataOutputStream out, UnusablePair refusal) throws IOException {
    out.writeBoolean(false);
    texts(out, refusal.problems());
    out.writeBoolean(refusal.perhapsHalf());
    out.flush();
  }

  static ForeignPair answer(DataInputStream in) throws IOException, UnusablePair {
    var accepted = in.readBoolean();
    var texts = texts(in);
    var flag = in.readBoolean();
    if (!accepted) {
      throw new UnusablePair(texts, flag);
    }
    try {
      var factory = CertificateFactory.getInstance("X.509");
      var chain = new ArrayList<X509Certificate>();
      for (int left = count(in.readInt()); left > 0; left--) {
        chain.add(
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes(in))));
      }
      var keys = KeyFactory.getInstance(in.readUTF());
      var key = keys.generatePrivate(new PKCS8EncodedKeySpec(bytes(in)));
      return new ForeignPair(chain, key, texts, flag);
    } catch (GeneralSecurityException e) {
      // Without the cause, which may quote what it read.
      throw new IOException("the parser's answer cannot be read");
    }
  }

  private static void texts(DataOutputStream out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (var text : texts) {
      out.writeUTF(text);
    }
  }

  private static List<String> texts(DataInputStream in) throws IOException {
    var texts = new ArrayList<String>();
    for (int left = count(in.readInt()); left > 0; left--) {
      texts.add(in.readUTF());
    }
    return texts;
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    var length = in.readInt();
    if (length < 0 || length > MOST_BYTES) {
      throw new IOException("a field of " + length + " bytes");
    }
    var bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  private static int count(int items) throws IOException {
    if (items < 0 || items > MOST_ITEMS) {
      throw new IOException("a list of " + items);
    }
    return items;
  }
}
