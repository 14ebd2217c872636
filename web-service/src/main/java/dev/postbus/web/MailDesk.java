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
 * Asks mail-supervisor what has to be known before an account is offered.
 *
 * @param supervisor host and port
 * @param token file of what one service shows to another; empty where all are on loopback
 */
record MailDesk(String supervisor, Optional<Path> token) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CONNECT_MILLIS = 2000;
  private static final int ANSWER_MILLIS = 10_000;

  /**
   * Whether the operator's file keeps new accounts from being made.
   *
   * @throws IOException if nobody could be asked
   */
  boolean creationBlocked() throws IOException {
    var connection = connection("/mail/creation");
    var status = connection.getResponseCode();
    if (status != HttpURLConnection.HTTP_OK) {
      throw new IOException("mail-supervisor answered with status " + status);
    }
    try (var in = connection.getInputStream()) {
      return JSON.readTree(in).path("blocked").asBoolean();
    }
  }

  /**
   * Takes a use of an invitation for an account. mail-policy is told what proves the password, not
   * the password.
   *
   * @return why it is refused, for whoever wants an account; empty if it is taken
   * @throws IOException if nobody could be asked
   */
  Optional<String> claim(String invite, String address, String password) throws IOException {
    var connection = connection("/mail/invites/claim");
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Content-Type", "application/json");
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

  private HttpURLConnection connection(String path) throws IOException {
    var url = URI.create("http://" + supervisor + path).toURL();
    var connection = (HttpURLConnection) url.openConnection();
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(ANSWER_MILLIS);
    if (token.isPresent()) {
      connection.setRequestProperty("Authorization", new TokenFile(token.get()).authorization());
    }
    return connection;
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
