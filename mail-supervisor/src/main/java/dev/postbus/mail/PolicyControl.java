package dev.postbus.mail;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * mail-policy's control port: reload, and an operator's requests, which are passed on as they are.
 *
 * @param ports where it is
 */
record PolicyControl(MailPorts ports) {
  private static final int CONNECT_MILLIS = 2000;
  private static final int RELOAD_MILLIS = 5000;
  // Storage reports and deletions go through many files.
  private static final int ANSWER_MILLIS = 120_000;

  /**
   * What it answered.
   *
   * @param status HTTP's
   * @param body as it came
   */
  record Answer(int status, String body) {}

  URI at(String path) {
    return URI.create("http://127.0.0.1:" + ports.policyControl() + path);
  }

  /** Has it read its settings again; false if it refuses or does not answer. */
  boolean reload() {
    try {
      return ask("POST", "/reload", "", RELOAD_MILLIS).status() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Passes a request on.
   *
   * @param path with the query, encoded
   * @param body JSON, or empty
   * @throws IOException if there is no answer
   */
  Answer pass(String method, String path, String body) throws IOException {
    return ask(method, path, body, ANSWER_MILLIS);
  }

  private Answer ask(String method, String path, String body, int patience) throws IOException {
    var connection = (HttpURLConnection) at(path).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(patience);
    if (!body.isEmpty()) {
      connection.setDoOutput(true);
      connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }
    var status = connection.getResponseCode();
    try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Answer(
          status, in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
