package dev.postbus.cert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8659 and RFC 8657, on a DNS server of its own records. */
@ExtendWith(AcmeServers.class)
class CaaTest {
  private static final String ACCOUNT = "https://ca.example/acct/7";
  private static final Caa.Issuer ISSUER =
      new Caa.Issuer(List.of("ca.example"), ACCOUNT, "http-01");

  private final Caa caa =
      new Caa(
          Dns.through(
              Optional.of(
                  new InetSocketAddress(
                      InetAddress.getLoopbackAddress(), AcmeServers.running().dns().port()))));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ca.example | true",
        "CA.example | true",
        "other.example | false",
        "; | false",
        "ca.example; accounturi=https://ca.example/acct/7 | true",
        "ca.example; accounturi=https://ca.example/acct/8 | false",
        "ca.example; validationmethods=dns-01,http-01 | true",
        "ca.example; validationmethods=dns-01 | false",
        "ca.example; validationmethods=http-01; accounturi=https://ca.example/acct/8 | false",
        "ca.example; policy=ev | true",
      })
  void aRecordIsReadWithItsParameters(String value, boolean allowed) throws Exception {
    // Records are added to those that are there: each row has a name of its own.
    var name = "v%x.example".formatted(value.hashCode());
    AcmeServers.running().dns().allowOnly(name, value);

    assertThat(caa.refusal(name, ISSUER).isEmpty()).isEqualTo(allowed);
  }

  @Test
  void recordsOfADomainAboveHold() throws Exception {
    AcmeServers.running().dns().allowOnly("above.example", "other.example");

    assertThat(caa.refusal("deep.below.above.example", ISSUER))
        .hasValueSatisfying(
            why -> assertThat(why).contains("above.example.", "other.example", ACCOUNT));
  }

  @Test
  void withoutRecordsAnybodyMay() throws Exception {
    assertThat(caa.refusal("free.example", ISSUER)).isEmpty();
  }

  @Test
  void noAnswerIsNeither() throws Exception {
    AcmeServers.running().dns().fail("silent.example");

    assertThatThrownBy(() -> caa.refusal("silent.example", ISSUER))
        .isInstanceOf(Dns.NoAnswer.class)
        .hasMessageContaining("CAA silent.example.");
  }
}
