package dev.postbus.web;

import dev.postbus.events.RelayConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pages for one person each, which were rendered but for what is this person's own.
 *
 * @param rendered the folder of rendered files in force, which holds a folder of such pages
 */
record PersonalPages(Path rendered) {
  /** The folder's name. */
  static final String FOLDER = "personal";

  /** Such pages. */
  static final List<String> ALL = List.of("invite", "login", "refused");

  /** The places that are left. */
  static final List<String> PLACES =
      List.of("invite_qr", "invite_link", "invite_token", "login_qr", "login_link", "reason");

  /** How an invitation's token looks. */
  static final String TOKEN = "[a-z0-9]{26}";

  /** That of an invitation; empty if there is none, as where pages are switched off. */
  Optional<String> invitation(RelayConfiguration configuration, String token, Language language)
      throws IOException {
    var link = "://" + configuration.mailDomain() + "/new?invite=" + token;
    return page(
        "invite",
        language,
        Map.of(
            "invite_token",
            Html.escape(token),
            "invite_link",
            Html.escape("dcaccount:https" + link),
            "invite_qr",
            new QrCode("DCACCOUNT:https" + link).figure(text(language, "qr"))));
  }

  /** With a login for an app, or why there is none; empty where pages are switched off. */
  Optional<String> account(Registrar.Answer answer, Language language) throws IOException {
    var login = answer.body().get("dclogin_url");
    if (login == null) {
      return page(
          "refused",
          language,
          Map.of("reason", Html.escape(answer.body().getOrDefault("reason", ""))));
    }
    return page(
        "login",
        language,
        Map.of(
            "login_link",
            Html.escape(login),
            "login_qr",
            new QrCode(login).figure(text(language, "qr_login"))));
  }

  private Optional<String> page(String name, Language language, Map<String, String> values)
      throws IOException {
    for (var suffix : List.of(language.suffix(), "")) {
      try {
        var page = Files.readString(rendered.resolve(FOLDER).resolve(name + suffix + ".html"));
        return Optional.of(Template.fill(page, values));
      } catch (NoSuchFileException none) {
        // Then the one for all languages.
      }
    }
    return Optional.empty();
  }

  private static String text(Language language, String name) throws IOException {
    return language.texts().getProperty(name, "");
  }
}
