package dev.postbus.dns.check;

import dev.postbus.dns.wanted.AddressText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;

/** The values of records in an answer, as wanted ones are written, and safe to print. */
final class Found {
  private Found() {}

  /** Those of one name, in an order that does not depend on the server's. */
  static List<String> values(Message answer, Name name) {
    return answer.getSection(Section.ANSWER).stream()
        .filter(record -> record.getName().equals(name))
        .flatMap(record -> value(record).stream())
        .map(Found::printable)
        .sorted()
        .toList();
  }

  private static Optional<String> value(Record record) {
    return Optional.ofNullable(
        switch (record) {
          case ARecord a -> AddressText.of(a.getAddress());
          case AAAARecord aaaa -> AddressText.of(aaaa.getAddress());
          case CNAMERecord cname -> text(cname.getTarget());
          case MXRecord mx -> "%d %s".formatted(mx.getPriority(), text(mx.getTarget()));
          case SRVRecord srv ->
              "%d %d %d %s"
                  .formatted(
                      srv.getPriority(), srv.getWeight(), srv.getPort(), text(srv.getTarget()));
          case CAARecord caa -> "%d %s %s".formatted(caa.getFlags(), caa.getTag(), caa.getValue());
          case TXTRecord txt -> joined(txt);
          default -> null;
        });
  }

  private static String text(Name name) {
    return name.toString().toLowerCase(Locale.ROOT);
  }

  /** A TXT record's strings are one text to those who read it (RFC 7208, section 3.3). */
  private static String joined(TXTRecord record) {
    var bytes = new ByteArrayOutputStream();
    record.getStringsAsByteArrays().forEach(bytes::writeBytes);
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whoever has the zone could otherwise write to the operator's terminal. */
  private static String printable(String value) {
    var text = new StringBuilder();
    value
        .chars()
        .forEach(
            c -> {
              if (c < ' ' || c > '~') {
                text.append("\\%03d".formatted(c));
              } else {
                text.append((char) c);
              }
            });
    return text.toString();
  }
}
