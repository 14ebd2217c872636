package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Accounts, and how people get one. */
interface AccountTests extends RelayTests {
  @Test
  default void theFirstLoginMakesAnAccountAndSettlesItsPassword() throws Exception {
    var name = LocalRelay.name(9);

    assertThat(relay().user(name, LocalRelay.PASSWORD).canLogIn()).isTrue();
    assertThat(relay().user(name, "password2").canLogIn()).isFalse();
    assertThat(relay().user(name, LocalRelay.PASSWORD).canLogIn()).isTrue();
    assertThat(relay().user(LocalRelay.name(9), "passwor8").canLogIn()).isFalse();
    assertThat(relay().user(LocalRelay.name(8), LocalRelay.PASSWORD).canLogIn()).isFalse();
  }

  @Test
  default void twentyFirstLoginsAtOnceMakeOneAccount() throws Exception {
    var name = LocalRelay.name(9);
    List<Callable<Boolean>> logins =
        IntStream.range(0, 20)
            .<Callable<Boolean>>mapToObj(i -> () -> relay().user(name, "password-" + i).canLogIn())
            .toList();

    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var successes = 0;
      for (var login : pool.invokeAll(logins)) {
        successes += login.get() ? 1 : 0;
      }
      assertThat(successes).isEqualTo(1);
    }
  }

  @Test
  default void thePageShowsACodeThatCreatesAnAccount() throws Exception {
    var page = relay().https("GET", "/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(new String(page.body(), StandardCharsets.UTF_8))
        .contains("/account", LocalRelay.DOMAIN);
    assertThat(relay().scanned()).isEqualTo("DCACCOUNT:https://_relay.localhost/new");

    var shown = new String(relay().https("POST", "/account").body(), StandardCharsets.UTF_8);
    var made = Pattern.compile("href=\"dclogin:([^?]+)\\?p=([^&]+)&").matcher(shown);
    assertThat(made.find()).as(shown).isTrue();
    assertThat(new MailUser(made.group(1), made.group(2), offset()).canLogIn()).isTrue();

    var account = Cli.JSON.readTree(relay().https("POST", "/new").body());
    var login =
        new MailUser(account.path("email").asText(), account.path("password").asText(), offset());
    assertThat(login.canLogIn()).isTrue();
  }

  @Test
  default void whereInvitationsAreNeededOneGivesOneAccount() throws Exception {
    // Given a relay that is not open to everybody any more
    var before = relay().newUser();
    assertThat(cli().run("config", "set", "registration", "invite").exitCode()).isZero();
    try {
      assertThat(relay().user(LocalRelay.name(9), LocalRelay.PASSWORD).canLogIn()).isFalse();
      assertThat(before.canLogIn()).isTrue();
      assertThat(relay().https("POST", "/new").statusCode()).isEqualTo(403);

      // When somebody is invited
      var created =
          Cli.JSON.readTree(
              cli().run("invite", "create", "--note", "Bob", "--expires", "1d", "--json").output());
      var link = created.path("link").asText();
      assertThat(link).startsWith("DCACCOUNT:https://" + LocalRelay.DOMAIN + "/new?invite=");
      var path = link.substring(link.indexOf("/new"));
      var page =
          relay().https("GET", created.path("page").asText().replaceFirst("https://[^/]+", ""));
      assertThat(new String(page.body(), StandardCharsets.UTF_8))
          .contains("You are invited", "value=\"" + path.replaceFirst(".*=", "") + "\"");

      // Then there is one account for it, and no second one
      var account = Cli.JSON.readTree(relay().https("POST", path).body());
      var invited =
          new MailUser(account.path("email").asText(), account.path("password").asText(), offset());
      assertThat(invited.canLogIn()).isTrue();
      var again = relay().https("POST", path);
      assertThat(again.statusCode()).isEqualTo(403);
      assertThat(Cli.JSON.readTree(again.body()).path("reason").asText()).contains("used up");
      var id = created.at("/invite/id").asText();
      assertThat(cli().run("invite", "list").output()).containsPattern(id + " +0 +0 +1 .* Bob");
      assertThat(cli().run("invite", "revoke", id).output()).contains(id + " revoked");
      assertThat(invited.canLogIn()).isTrue();

      // And many at once get what there is
      var many =
          Cli.JSON.readTree(cli().run("invite", "create", "--uses", "10", "--json").output());
      var ten = many.path("link").asText().replaceFirst(".*/new", "/new");
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var answers =
            threads.invokeAll(
                IntStream.range(0, 12)
                    .mapToObj(
                        i -> (Callable<Integer>) () -> relay().https("POST", ten).statusCode())
                    .toList());
        assertThat(answers).filteredOn(answer -> answer.resultNow() == 200).hasSize(10);
        assertThat(answers).filteredOn(answer -> answer.resultNow() == 403).hasSize(2);
      }

      // And where it is closed, nobody new comes in
      assertThat(cli().run("config", "set", "registration", "closed").exitCode()).isZero();
      assertThat(relay().https("POST", "/new").statusCode()).isEqualTo(403);
      assertThat(relay().user(LocalRelay.name(9), LocalRelay.PASSWORD).canLogIn()).isFalse();
      assertThat(invited.canLogIn()).isTrue();
    } finally {
      cli().run("config", "unset", "registration");
    }
    relay().newUser();
  }
}
