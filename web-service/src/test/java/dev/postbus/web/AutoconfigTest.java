package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.SAXException;

/** What mail programs find out about the relay by themselves. */
class AutoconfigTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"_relay.test", "chat.example.org", "192.0.2.1"})
  void isWhatThunderbirdReads(String domain) throws Exception {
    validate(rendered(domain));
  }

  @ParameterizedTest
  @CsvSource({
    "<socketType>SSL</socketType>, <socketType>TLS</socketType>",
    "<port>993</port>, <port>0</port>",
    "<port>993</port>, ''",
    "type=\"smtp\", type=\"lmtp\"",
    "version=\"1.1\", version=\"2\"",
    "password-cleartext, plain",
  })
  void whatItWouldNotReadIsFound(String right, String wrong) throws Exception {
    var text = rendered("_relay.test");
    assertThat(text).contains(right);

    assertThatThrownBy(() -> validate(text.replace(right, wrong))).isInstanceOf(SAXException.class);
  }

  @Test
  void everyWayInIsListedTheBestFirst() throws Exception {
    var text = rendered("_relay.test").replaceAll("\\s+", "");

    assertThat(text)
        .containsSubsequence(
            "type=\"imap\"", "<port>993</port><socketType>SSL<",
            "type=\"imap\"", "<port>143</port><socketType>STARTTLS<",
            "type=\"imap\"", "<port>443</port><socketType>SSL<",
            "type=\"smtp\"", "<port>465</port><socketType>SSL<",
            "type=\"smtp\"", "<port>587</port><socketType>STARTTLS<",
            "type=\"smtp\"", "<port>443</port><socketType>SSL<");
  }

  private String rendered(String domain) throws IOException {
    var files = new WellKnownFiles(new WebPorts(0), Clock.systemUTC());
    files.write(PagesTest.configuration(Map.of("mail_domain", domain)), folder);
    return Files.readString(folder.resolve(".well-known/autoconfig/mail/config-v1.1.xml"));
  }

  private static void validate(String text) throws SAXException, IOException {
    var factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
    var schema =
        factory.newSchema(
            Objects.requireNonNull(AutoconfigTest.class.getResource("/autoconfig.xsd")));
    schema.newValidator().validate(new StreamSource(new StringReader(text)));
  }
}
