package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Changes of the configuration, by the command. */
interface ConfigurationTests extends RelayTests {
  @Test
  default void aChangeOfTheConfigurationIsAppliedAndAWrongOneIsNot() throws Exception {
    var size = 10_000_000 + LocalRelay.RANDOM.nextInt(1_000_000);

    var set = cli().run("config", "set", "max_message_size", "" + size);

    assertThat(set.exitCode()).as(set.output()).isZero();
    assertThat(set.output())
        .containsPattern("version \\d+")
        .containsPattern("applied by mail-supervisor after \\d+ ms")
        .containsPattern("applied by web-service after \\d+ ms");
    try (var smtp = new MailUser.Conversation(MailUser.tls(465 + offset()))) {
      smtp.reply();
      smtp.say("EHLO client.invalid");
      assertThat(smtp.hearUntil("250 ")).contains("250-SIZE " + size);
    }

    var before = cli().run("config", "show").output();
    var wrong = cli().run("config", "set", "max_mesage_size", "5");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.output()).contains("max_mesage_size", "max_message_size");
    assertThat(cli().run("config", "show").output()).isEqualTo(before);

    var huge = Files.write(relay().folder().resolve("huge.ini"), new byte[20 << 20]);
    var judged = cli().run("config", "validate", huge.toString());
    assertThat(judged.exitCode()).isEqualTo(1);
    assertThat(judged.output()).contains("larger than 1 MiB");
  }

  @Test
  default void changesCanBeTriedComparedAndGoneBackFrom() throws Exception {
    // Given a value
    assertThat(cli().run("config", "set", "privacy_postal", "One Street").exitCode()).isZero();
    var before = version();

    // When another one is only tried, then it is said what would happen, and nothing does
    var tried = cli().run("config", "set", "--dry-run", "privacy_postal", "Two Street");
    assertThat(tried.exitCode()).as(tried.output()).isZero();
    assertThat(tried.output())
        .contains("privacy_postal: One Street -> Two Street")
        .contains("web-service: nginx reloaded")
        .contains("mail-supervisor: nothing", "Nothing was changed.");
    assertThat(version()).isEqualTo(before);
    var ports =
        cli().run("config", "set", "--dry-run", "filtermail_smtp_port", "" + (11_080 + offset()));
    assertThat(ports.output()).contains("mail-policy restarted", "postfix reloaded");

    // When it is set for a reason, then the version says so, and who came too late is told
    var set =
        cli()
            .run(
                "config",
                "set",
                "privacy_postal=Two Street",
                "--reason",
                "we moved",
                "--if-version",
                "" + before);
    assertThat(set.exitCode()).as(set.output()).isZero();
    assertThat(set.output()).contains("applied by web-service after").contains("nginx reloaded");
    var late = cli().run("config", "set", "privacy_postal", "Three", "--if-version", "" + before);
    assertThat(late.exitCode()).isEqualTo(1);
    assertThat(late.output())
        .contains(
            "the version in force is " + (before + 1), "not " + before, "Nothing was changed");

    // When it is asked what going back would come to, then it is said and nothing changes
    var dry = cli().run("config", "rollback", "" + before, "--dry-run");
    assertThat(dry.exitCode()).as(dry.output()).isZero();
    assertThat(dry.output())
        .contains("would be version " + (before + 2), "privacy_postal: Two Street -> One Street")
        .contains("web-service: nginx reloaded", "Nothing was changed.");

    // When it is gone back from, then what was before is in force everywhere
    var back = cli().run("config", "rollback", "" + before, "--reason", "we came back");
    assertThat(back.exitCode()).as(back.output()).isZero();
    assertThat(back.output())
        .contains("version " + (before + 2), "privacy_postal: Two Street -> One Street")
        .contains("applied by web-service after");
    assertThat(cli().run("config", "diff", "" + before, "" + (before + 2)).output())
        .contains("say the same");
    assertThat(cli().run("config", "history", "--limit", "2").output())
        .contains("we moved", "we came back", "api:", "applied by mail-supervisor");
    assertThat(cli().run("config", "show", "--origin").output())
        .containsPattern("privacy_postal +One Street +operator +ini \"\", default \"\"");
  }

  @Test
  default void aChangeThatADaemonCannotTakeIsGoneBackFromWithItsWords() throws Exception {
    var before = version();
    var inForce = cli().run("config", "get", "filtermail_smtp_port").output();
    var taken = 11_333;
    try (var somebody = new ServerSocket(taken + offset(), 1, InetAddress.getLoopbackAddress())) {
      // Given a port that somebody else has, which no checker of files can know

      // When it is set, then mail-policy's words are shown
      var set = cli().run("config", "set", "filtermail_smtp_port", "" + taken);
      assertThat(set.exitCode()).as(set.output()).isEqualTo(1);
      assertThat(set.output())
          .contains("rejected by mail-supervisor: mail-policy says:")
          .contains("port " + somebody.getLocalPort() + " on loopback: Address already in use")
          .contains("version " + (before + 2) + " puts what was before in force again");
    }

    // And what was before is in force, and serves
    assertThat(cli().run("config", "get", "filtermail_smtp_port").output()).isEqualTo(inForce);
    assertThat(cli().run("config", "history", "--limit", "1").output()).contains("rejection");
    await().atMost(LocalRelay.LONG).until(() -> cli().run("status").exitCode() == 0);
  }

  private long version() throws Exception {
    return Cli.JSON
        .readTree(cli().run("config", "show", "--json").output())
        .path("version")
        .asLong();
  }
}
