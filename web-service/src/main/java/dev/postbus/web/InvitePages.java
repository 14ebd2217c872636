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
 * The page of an invitation, which was rendered but for what is this invitation's own.
 *
 * @param rendered the folder of rendered files in force, which holds a folder of such pages
 */
record InvitePages(Path rendered) {
  /** The folder's name. */
  static final String FOLDER = "invitations";

  /** The places that are left. */
  static final List<String> PLACES = List.of("invite_qr", "invite_link");

  /** How a token looks. */
  static final String TOKEN = "[a-z0-9]{26}";

  /** The page; empty if there is none, as where pages are switched off. */
  Optional<String> page(RelayConfiguration configuration, String token, Language language)
      throws IOException {
    var link = link(configuration, "dcaccount", token);
    var code = new QrCode(link(configuration, "DCACCOUNT", token));
    for (var suffix : List.of(language.suffix(), "")) {
      try {
        var page = Files.readString(rendered.resolve(FOLDER).resolve("invite" + suffix + ".html"));
        return Optional.of(
            Template.fill(
                page,
                Map.of(
                    "invite_link",
                    Html.escape(link),
                    "invite_qr",
                    code.figure(language.texts().getProperty("qr", "")))));
      } catch (NoSuchFileException none) {
        // Then the one for all languages.
      }
    }
    return Optional.empty();
  }

  private static String link(RelayConfiguration configuration, String scheme, String token) {
    return PageFiles.accountLink(configuration, scheme) + "?invite=" + token;
  }
}
