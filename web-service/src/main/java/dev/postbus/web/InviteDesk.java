package dev.postbus.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.access.TokenFile;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Asks mail-policy, by way of mail-supervisor, to take a use of an invitation for an account.
 *
 * @param supervisor host and port
 * @param token file of what one service shows to another; empty where all are on loopback
 */
record InviteDesk(String supervisor, Optional<Path> token) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CONNECT_MILLIS = 2000;
  private static final int ANSWER_MILLIS = 10_000;

  /**
   * Takes a use. mail-policy is told what proves the password, not the password.
   *
   * @return why it is refused, for whoever wants an account; empty if it is taken
   * @throws IOException if nobody could be asked
   */
  Optional<String> claim(String invite, String address, String password) throws IOException {
    var url = URI.create("http://" + supervisor + "/mail/invites/claim").toURL();
    var connection = (HttpURLConnection) url.openConnection();
    connection.setRequestMethod("POST");
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(ANSWER_MILLIS);
    connection.setRequestProperty("Content-Type", "application/json");
    if (token.isPresent()) {
      connection.setRequestProperty("Authorization", new TokenFile(token.get()).authorization());
    }
    connection.setDoOutput(true);
    try (var out = connection.getOutputStream()) {
      out.write(
          JSON.writeValueAsBytes(
              Map.of("token", invite, "address", address, "proof", sha256(password))));
    }
    var status = connection.getResponseCode();
    if (status == HttpURLConnection.HTTP_OK) {
      connection.getInputStream().close();
      return Optional.empty();
    }
    try (var in = connection.getErrorStream()) {
      if (status == HttpURLConnection.HTTP_FORBIDDEN && in != null) {
        return Optional.of(JSON.readTree(in).at("/problems/0/message").asText());
      }
    }
    throw new IOException("mail-supervisor answered with status " + status);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
