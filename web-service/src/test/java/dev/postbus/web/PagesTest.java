package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.postbus.events.RelayConfiguration;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesTest {
  private static final String TOKEN = "abcdefghijklmnopqrstuvwxyz";
  private static final Map<String, String> VOUCHED_FOR = Map.of("mail_domain", "relay.test");
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);

  @TempDir Path folder;
  @TempDir Path other;
  private Path personal;

  @Test
  void theCodeReadsAsTheAccountLinkWithoutAPort() throws Exception {
    render(VOUCHED_FOR);

    var image =
        ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(folder.resolve("qr.png"))));
    var pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    var source = new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels);
    assertThat(new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(source))).getText())
        .isEqualTo("DCACCOUNT:https://relay.test/new");
    assertThat(folder.resolve("index.html"))
        .content()
        .contains("<svg", "<title>QR code that creates an account</title>")
        .contains("href=\"dcaccount:https://relay.test/new\"");
  }

  @Test
  void everyShippedPageIsThereInEveryLanguage() throws Exception {
    render(Map.of("privacy_pdo", "Anna", "mail_domain", "relay.test"));

    for (var page : new String[] {"index", "info", "privacy", "busy", "404"}) {
      assertThat(folder.resolve(page + ".html")).content().contains("<html lang=\"en\">");
      assertThat(folder.resolve(page + ".ru.html"))
          .content()
          .contains("<html lang=\"ru\">", "aria-label=\"Страницы\"")
          .doesNotContain("{qr}", "{text_", "Privacy", "How it works");
    }
    assertThat(folder.resolve("index.ru.html"))
        .content()
        .contains("<title>relay.test: узел chatmail</title>")
        .contains("<title>QR-код, который создаёт учётную запись</title>")
        .contains("href=\"dcaccount:https://relay.test/new\"");
    assertThat(folder.resolve("privacy.ru.html"))
        .content()
        .contains("Ответственный за защиту данных: Anna");
  }

  @ParameterizedTest
  @CsvSource({"invite, By invitation, По приглашению", "closed, No new accounts, закрыта"})
  void whereNotEverybodyMayComeTheStartPageSaysSo(String mode, String english, String russian)
      throws Exception {
    render(Map.of("registration", mode));

    assertThat(folder.resolve("index.html"))
        .content()
        .contains(english)
        .doesNotContain("<svg", "dcaccount:");
    assertThat(folder.resolve("index.ru.html"))
        .content()
        .contains(russian)
        .doesNotContain("<svg", "dcaccount:");
  }

  @Test
  void anInvitationsPageHoldsItsLinkAsACode() throws Exception {
    var changes = Map.of("registration", "invite", "mail_domain", "relay.test");
    var pages = personal(changes);

    var russian = pages.invitation(configuration(changes), TOKEN, Language.RUSSIAN).orElseThrow();

    assertThat(russian)
        .contains("<html lang=\"ru\">", "<svg")
        .contains("href=\"dcaccount:https://relay.test/new?invite=" + TOKEN + "\"")
        .doesNotContain("{");
    assertThat(pages.invitation(configuration(changes), TOKEN, Language.ENGLISH).orElseThrow())
        .contains("You are invited");
    assertThat(folder.resolve("invite.html")).doesNotExist();
  }

  @Test
  void whereNobodyVouchesForTheCertificatePeopleGetALoginForTheApp() throws Exception {
    var pages = personal(Map.of());
    var answer =
        new Registrar.Answer(200, new AccountOffer(new WebPorts(0)).make(configuration(Map.of())));

    var page = pages.account(answer, Language.RUSSIAN).orElseThrow();

    assertThat(folder.resolve("index.html"))
        .content()
        .contains("<form method=\"post\" action=\"/account\">")
        .doesNotContain("<svg", "dcaccount:");
    assertThat(page)
        .contains("<html lang=\"ru\">", "<svg")
        .contains(
            "href=\"dclogin:%s?p=%s&amp;v=1&amp;ic=3\""
                .formatted(answer.body().get("email"), answer.body().get("password")))
        .doesNotContain("{");
  }

  @Test
  void thereAnInvitationIsShownByTheForm() throws Exception {
    var changes = Map.of("registration", "invite");

    assertThat(
            personal(changes)
                .invitation(configuration(changes), TOKEN, Language.ENGLISH)
                .orElseThrow())
        .contains("<input type=\"hidden\" name=\"invite\" value=\"" + TOKEN + "\">")
        .doesNotContain("{", "dcaccount:");
  }

  @Test
  void whoGetsNoneIsToldWhy() throws Exception {
    var refused = new Registrar.Answer(403, Map.of("reason", "Not <you>."));

    assertThat(personal(Map.of()).account(refused, Language.ENGLISH).orElseThrow())
        .contains("Not &lt;you&gt;.")
        .doesNotContain("{");
  }

  private PersonalPages personal(Map<String, String> changes) throws Exception {
    render(changes);
    var rendered = folder.resolve("nginx");
    Files.createDirectories(rendered);
    Files.move(personal, rendered.resolve(PersonalPages.FOLDER));
    return new PersonalPages(rendered);
  }

  @Test
  void whoFindsAFaultIsToldWhomToWriteTo() throws Exception {
    render(Map.of("privacy_mail", "me@relay.test"));

    assertThat(folder.resolve(".well-known/security.txt"))
        .hasContent(
            "Contact: mailto:me@relay.test\r\nExpires: 2027-05-01T00:00:00Z\r\n"
                + "Preferred-Languages: en, ru\r\n"
                + "Canonical: https://_relay.test/.well-known/security.txt\r\n");
  }

  @Test
  void withoutAnAddressThereIsNothingToTell() throws Exception {
    render(Map.of());

    assertThat(folder.resolve(".well-known/security.txt")).doesNotExist();
    assertThat(folder.resolve("robots.txt")).content().contains("Disallow: /new\n");
  }

  @Test
  void limitsAreShown() throws Exception {
    render(Map.of("max_mailbox_size", "123M", "delete_mails_after", "77"));

    assertThat(folder.resolve("info.html")).content().contains("123M", "after 77 days", "<table>");
  }

  @Test
  void noValueBringsMarkupOrAnotherValue() throws Exception {
    render(
        Map.of("privacy_postal", "<script>x</script> {qr} & 'so'", "privacy_pdo", "{mail_domain}"));

    assertThat(folder.resolve("privacy.html"))
        .content()
        .contains("&lt;script&gt;x&lt;/script&gt; {qr} &amp; &#39;so&#39;")
        .contains("Data protection officer: {mail_domain}")
        .doesNotContain("<script", "<svg");
  }

  @Test
  void pagesAskNobodyElseAndRunNothing() throws Exception {
    render(Map.of());

    for (var page : new String[] {"index.html", "info.html", "privacy.html", "404.html"}) {
      assertThat(folder.resolve(page))
          .content()
          .doesNotContain("<script", "src=\"http", "@import", "style=")
          .contains("<html lang=\"en\">", "name=\"viewport\"");
    }
  }

  @Test
  void disabledPagesLeaveTheMachinesOwnFiles() throws Exception {
    render(Map.of("www_folder", "disabled"));

    assertThat(folder.resolve("index.html")).doesNotExist();
    assertThat(folder.resolve(".well-known/mta-sts.txt"))
        .hasContent("version: STSv1\r\nmode: enforce\r\nmx: _relay.test\r\nmax_age: 2419200\r\n");
  }

  @Test
  void autoconfigListsEveryWayIn() throws Exception {
    render(Map.of());

    assertThat(folder.resolve(".well-known/autoconfig/mail/config-v1.1.xml"))
        .content()
        .contains("<port>20993</port>", "<port>20143</port>", "<port>20443</port>")
        .contains("<port>20465</port>", "<port>20587</port>")
        .doesNotContain("{");
  }

  @Test
  void offersAccountsThatTheRelayWillTake() {
    var offer = new AccountOffer(new WebPorts(0)).make(configuration(Map.of()));

    assertThat(offer.get("email")).matches("[a-z0-9]{9}@_relay\\.test");
    assertThat(offer.get("password")).matches("[A-Za-z0-9]{20}");
    assertThat(offer.get("dclogin_url"))
        .isEqualTo("dclogin:" + offer.get("email") + "?p=" + offer.get("password") + "&v=1&ic=3");
  }

  @Test
  void aRelayWithARealCertificateNeedsNoLoginLink() {
    var offer =
        new AccountOffer(new WebPorts(0)).make(configuration(Map.of("mail_domain", "chat.test")));

    assertThat(offer).containsOnlyKeys("email", "password");
  }

  @Test
  void aRelayByAddressNamesItsHosts() {
    var offer =
        new AccountOffer(new WebPorts(0)).make(configuration(Map.of("mail_domain", "192.0.2.1")));

    assertThat(offer.get("email")).endsWith("@[192.0.2.1]");
    assertThat(offer.get("dclogin_url")).endsWith("&ih=192.0.2.1&sh=192.0.2.1");
  }

  private void render(Map<String, String> changes) throws Exception {
    personal = Files.createDirectories(other.resolve("personal"));
    var sources = new PageSources(folder.resolve("nothing"));
    var folders = new PageFiles.Folders(folder, personal);
    new PageFiles(new WebPorts(20_000), sources, CLOCK).render(configuration(changes), folders);
  }

  static RelayConfiguration configuration(Map<String, String> changes) {
    var values = new HashMap<String, String>();
    for (var key :
        new String[] {
          "www_folder", "privacy_postal", "privacy_mail", "privacy_pdo", "privacy_supervisor"
        }) {
      values.put(key, "");
    }
    values.put("mail_domain", "_relay.test");
    values.put("disable_ipv6", "false");
    values.put("username_max_length", "9");
    values.put("password_min_length", "9");
    values.putAll(changes);
    return new RelayConfiguration(values);
  }
}
