package dev.postbus.policy.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.policy.TestSettings;
import dev.postbus.policy.invite.Invites;
import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.policy.settings.Registration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Accounts where not everybody may have one. */
class InvitedAccountsTest {
  private static final String ALICE = "alice1234@relay.test";
  private static final String PASSWORD = "password1";

  @TempDir Path folder;
  private final AccountCounters counters = new AccountCounters();
  private PolicySettings settings;
  private Invites invites;
  private Accounts accounts;
  private String token;

  @BeforeEach
  void open() throws Exception {
    settings = TestSettings.with(Registration.INVITE, folder);
    invites = TestSettings.invites(folder);
    accounts = new Accounts(() -> settings, invites, Clock.systemUTC(), counters);
    token = invites.create(1, null, "").token();
  }

  @Test
  void withoutAnInvitationNoAccountIsMade() throws Exception {
    assertThat(accounts.findOrCreate(ALICE, PASSWORD)).isEmpty();

    assertThat(folder.resolve(ALICE)).doesNotExist();
    assertThat(counters.refused().of(Refusal.Reason.NOT_INVITED)).isEqualTo(1);
  }

  @Test
  void whoIsInvitedLogsInAndAgainAndNobodyElseDoes() throws Exception {
    accounts.invited(token, ALICE, proof(PASSWORD));

    assertThat(accounts.findOrCreate(ALICE, "password2")).isEmpty();
    assertThat(accounts.findOrCreate("bob123456@relay.test", PASSWORD)).isEmpty();
    assertThat(accounts.findOrCreate(ALICE, PASSWORD)).isPresent();
    assertThat(accounts.findOrCreate(ALICE, PASSWORD)).isPresent();
    assertThat(invites.list().getFirst().made()).isEqualTo(1);
  }

  @Test
  void aDeletedAccountDoesNotComeBackByItsInvitation() throws Exception {
    accounts.invited(token, ALICE, proof(PASSWORD));
    accounts.findOrCreate(ALICE, PASSWORD);

    new AccountRegister(() -> settings, accounts).delete(ALICE);

    assertThat(accounts.findOrCreate(ALICE, PASSWORD)).isEmpty();
  }

  @Test
  void whoHadAnAccountBeforeLogsInWhateverTheMode() throws Exception {
    settings = TestSettings.with(Registration.OPEN, folder);
    accounts.findOrCreate(ALICE, PASSWORD);

    settings = TestSettings.with(Registration.CLOSED, folder);

    assertThat(accounts.findOrCreate(ALICE, PASSWORD)).isPresent();
  }

  @Test
  void whereRegistrationIsClosedNotEvenInvitedOnesComeIn() throws Exception {
    accounts.invited(token, ALICE, proof(PASSWORD));
    settings = TestSettings.with(Registration.CLOSED, folder);

    assertThat(accounts.findOrCreate(ALICE, PASSWORD)).isEmpty();
    assertThatThrownBy(() -> accounts.invited(token, ALICE, proof(PASSWORD)))
        .isInstanceOf(Invites.Refused.class)
        .hasMessageContaining("no new accounts");
    assertThat(counters.refused().of(Refusal.Reason.CLOSED)).isEqualTo(1);
  }

  @Test
  void whileCreationIsBlockedNoUseIsTaken() throws Exception {
    Files.createFile(folder.resolve("block-creation"));

    assertThatThrownBy(() -> accounts.invited(token, ALICE, proof(PASSWORD)))
        .isInstanceOf(Invites.Refused.class);

    assertThat(invites.list().getFirst().left()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "alice1234@other.test, a foreign address",
    "../../etc@relay.test, a path",
    "alice1234, no domain",
    "al@relay.test, a name that is too short",
    "Alice1234@relay.test, letters that no name has",
  })
  void noUseIsTakenForWhatCanBeNoAccount(String address, String why) throws Exception {
    assertThatThrownBy(() -> accounts.invited(token, address, proof(PASSWORD))).as(why).isNotNull();

    assertThat(invites.list().getFirst().left()).isEqualTo(1);
  }

  private static String proof(String password) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.UTF_8)));
  }
}
