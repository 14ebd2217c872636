package dev.postbus.policy.push;

import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Posts tokens over HTTPS; HTTP/2 if the server speaks it, so that one connection is enough. */
final class NotificationServer implements AutoCloseable {
  private static final Logger log = Logger.getLogger(NotificationServer.class.getName());

  private final Optional<SSLContext> tls;
  private final Duration patience;
  private @Nullable HttpClient client;
  private volatile @Nullable String trouble;

  /**
   * A client.
   *
   * @param tls makes connections; empty for the JDK's way
   * @param patience how long a request may take in all
   */
  NotificationServer(Optional<SSLContext> tls, Duration patience) {
    this.tls = tls;
    this.patience = patience;
  }

  /** What the server made of a token. */
  enum Outcome {
    /** 200: the device is woken up. */
    TAKEN,
    /** 410: there is no such device any more. */
    GONE,
    /** Anything else. */
    FAILED
  }

  Outcome post(URI url, String token) {
    var request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "text/plain")
            .header("User-Agent", "postbus")
            .POST(BodyPublishers.ofString(token, StandardCharsets.ISO_8859_1))
            .build();
    var answer = client().sendAsync(request, BodyHandlers.discarding());
    try {
      return judge(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS).statusCode());
    } catch (TimeoutException e) {
      answer.cancel(true);
      note("no answer after " + patience.toMillis() + " ms");
    } catch (ExecutionException e) {
      note(String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
    }
    return Outcome.FAILED;
  }

  /** Made with the first request: roots and TLS take memory, and many relays have no push. */
  private synchronized HttpClient client() {
    var ready = client;
    if (ready == null) {
      var builder =
          HttpClient.newBuilder()
              .executor(Executors.newVirtualThreadPerTaskExecutor())
              .followRedirects(HttpClient.Redirect.NEVER);
      tls.ifPresent(builder::sslContext);
      ready = builder.build();
      client = ready;
    }
    return ready;
  }

  private Outcome judge(int status) {
    var outcome =
        switch (status) {
          case HttpURLConnection.HTTP_OK -> Outcome.TAKEN;
          case HttpURLConnection.HTTP_GONE -> Outcome.GONE;
          default -> Outcome.FAILED;
        };
    note(outcome == Outcome.FAILED ? "HTTP status " + status : null);
    return outcome;
  }

  /** Says when the server begins to fail and when it is well again, not each time in between. */
  private void note(@Nullable String now) {
    var before = trouble;
    trouble = now;
    if (now != null && before == null) {
      log.log(
          Level.WARNING,
          "the notification server does not take notifications: {0}; they are tried again for"
              + " five hours",
          now);
    } else if (now == null && before != null) {
      log.info("the notification server takes notifications again");
    }
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
