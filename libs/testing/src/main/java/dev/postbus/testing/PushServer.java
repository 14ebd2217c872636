package dev.postbus.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A notification server on a free loopback port, with a certificate of its own making. */
public final class PushServer implements AutoCloseable {
  private final HttpsServer server;
  private final Path certificate;
  private final List<String> posted = new CopyOnWriteArrayList<>();
  private final Queue<Answer> answers = new ArrayDeque<>();
  private final Map<String, Answer> answersByToken = new ConcurrentHashMap<>();

  /** What is done with a request that has been read. */
  @FunctionalInterface
  public interface Answer {
    /** Answers, or does not. */
    void to(HttpExchange exchange) throws Exception;

    /** Answers with a status and a few words. */
    static Answer status(int status) {
      return exchange -> {
        var words = "status".getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, words.length);
        exchange.getResponseBody().write(words);
      };
    }
  }

  private PushServer(HttpsServer server, Path certificate) {
    this.server = server;
    this.certificate = certificate;
  }

  /** Starts with a key of its own; files are made in the folder. */
  public static PushServer start(Path folder) throws Exception {
    return start(folder, MadeKey.in(folder.resolve("push-server.p12"), "localhost"));
  }

  /** Starts with a key whose certificate is for {@code localhost}, which is put into the folder. */
  public static PushServer start(Path folder, MadeKey key) throws Exception {
    var certificate = key.writeCertificate(folder.resolve("push-server.pem"));
    var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.setHttpsConfigurator(new HttpsConfigurator(key.serverTls()));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    var push = new PushServer(server, certificate);
    server.createContext("/notify", push::take);
    server.start();
    return push;
  }

  /** Where notifications are posted to. */
  public URI url() {
    return URI.create("https://localhost:" + server.getAddress().getPort() + "/notify");
  }

  /** Its certificate as PEM. */
  public Path certificate() {
    return certificate;
  }

  /** What the next requests are answered with; after that, 200. */
  public PushServer answers(Answer... next) {
    synchronized (answers) {
      answers.addAll(List.of(next));
    }
    return this;
  }

  /** What the next request with that body is answered with. */
  public void answersTo(String token, Answer answer) {
    answersByToken.put(token, answer);
  }

  /** Bodies of all POST requests so far. */
  public List<String> posted() {
    return posted;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
      var answer = answersByToken.remove(body);
      if (answer == null) {
        synchronized (answers) {
          answer = answers.isEmpty() ? Answer.status(200) : answers.remove();
        }
      }
      posted.add(exchange.getRequestMethod().equals("POST") ? body : "not a POST");
      answer.to(exchange);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
