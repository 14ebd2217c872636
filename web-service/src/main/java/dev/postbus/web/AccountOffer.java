package dev.postbus.web;

import dev.postbus.events.RelayConfiguration;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;

/** Thinks up addresses with passwords; an account comes into being when one first logs in. */
final class AccountOffer {
  private static final String NAME_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final String PASSWORD_LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  // 20 letters of 62 are 119 bits.
  private static final int PASSWORD_LENGTH = 20;

  private final SecureRandom random = new SecureRandom();
  private final WebPorts ports;

  AccountOffer(WebPorts ports) {
    this.ports = ports;
  }

  /** What {@code POST /new} answers. */
  Map<String, String> make(RelayConfiguration configuration) {
    var name = letters(NAME_LETTERS, (int) configuration.number("username_max_length"));
    var password =
        letters(
            PASSWORD_LETTERS,
            Math.max(PASSWORD_LENGTH, (int) configuration.number("password_min_length")));
    var email = name + "@" + configuration.addressDomain();
    var answer = new LinkedHashMap<String, String>();
    answer.put("email", email);
    answer.put("password", password);
    if (configuration.selfSignedDomain()) {
      answer.put("dclogin_url", dclogin(configuration, email, password));
    }
    return answer;
  }

  /** Tells an app to log in and, as nobody vouches for the certificate, to accept any. */
  private String dclogin(RelayConfiguration configuration, String email, String password) {
    var url =
        "dclogin:%s?p=%s&v=1&ic=3"
            .formatted(
                URLEncoder.encode(email, StandardCharsets.UTF_8).replace("%40", "@"), password);
    if (configuration.ipOnly()) {
      url += "&ih=" + configuration.mailDomain() + "&sh=" + configuration.mailDomain();
    }
    if (ports.offset() != 0) {
      url += "&ip=" + ports.imaps() + "&sp=" + ports.submissions();
    }
    return url;
  }

  private String letters(String from, int count) {
    return random
        .ints(count, 0, from.length())
        .collect(
            StringBuilder::new, (text, i) -> text.append(from.charAt(i)), StringBuilder::append)
        .toString();
  }
}
