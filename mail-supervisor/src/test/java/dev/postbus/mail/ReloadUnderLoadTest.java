package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.certificates.TlsProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Postfix reloads while clients come; its ports go on taking new ones. */
class ReloadUnderLoadTest {
  private static final int ROUNDS = 2;
  private static final int CLIENTS = 60;

  @Test
  void whoStaysConnectedOverAReloadKeepsNobodyElseOut() throws Exception {
    try (var mail = RunningMail.prepare(Map.of("max_smtp_connections", "500"))) {
      mail.start("");
      for (int round = 0; round < ROUNDS; round++) {
        var staying = new ArrayList<Socket>();
        try (var coming = Executors.newVirtualThreadPerTaskExecutor()) {
          var arrivals = coming.submit(() -> arrive(mail, staying));
          Thread.sleep(30);
          assertThat(mail.changePostfix(Map.of("max_message_size", "" + (10_000_000 + round))))
              .isEqualTo("reloaded");
          arrivals.get();

          await().atMost(Duration.ofSeconds(30)).until(() -> takesClients(mail));
        } finally {
          for (var client : staying) {
            client.close();
          }
        }
      }
      assertThat(mail.ready()).isTrue();
    }
  }

  private static Void arrive(RunningMail mail, List<Socket> staying)
      throws IOException, InterruptedException {
    for (int i = 0; i < CLIENTS; i++) {
      staying.add(
          new Socket(InetAddress.getLoopbackAddress(), mail.settings().ports().submission()));
      Thread.sleep(3);
    }
    return null;
  }

  private static boolean takesClients(RunningMail mail) {
    var address =
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), mail.settings().ports().submission());
    try {
      TlsProbe.fingerprint(
          address, TlsProbe.Protocol.SMTP_STARTTLS, "localhost", Duration.ofSeconds(1));
      return true;
    } catch (IOException silent) {
      return false;
    }
  }
}
