package dev.postbus.policy.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaildirNameTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1775324677.M448978P3029757.host,S=3235,W=3305:2,S|1775324677|3235",
        "1775324677.M4P3.host:2,S|1775324677|-1",
        "1775324677|-1|-1",
        ".hidden,S=5|-1|5",
        "x1775324677.host,S=,W=3|-1|-1",
        "12a.host,S=99999999999999999999|-1|-1",
        "999999999999.host,S=999999999999:2,S|999999999999|999999999999",
        "1000000000000.host,S=1000000000000:2,S|-1|-1",
      })
  void tellsTimeAndSize(String name, long delivered, long size) {
    assertThat(MaildirName.delivered(name)).isEqualTo(delivered);
    assertThat(MaildirName.size(name)).isEqualTo(size);
  }

  @Property
  void aNameOfAnyLettersIsRead(@ForAll String name) {
    assertThat(MaildirName.delivered(name)).isGreaterThanOrEqualTo(MaildirName.UNKNOWN);
    assertThat(MaildirName.size(name)).isGreaterThanOrEqualTo(MaildirName.UNKNOWN);
  }
}
