package dev.postbus.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a stack does without its broker, without the broker's memory, and without room. Most of it
 * is waiting, so it runs beside the other classes.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StackFaultsTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final Duration AWAY = Duration.ofMinutes(2);
  private static final Path VOLUMES = Command.HOME.resolve("deploy/containers/target/volumes");
  private static final int ROOM_MEGABYTES = 120;

  @Order(1)
  @RegisterExtension
  static final SmallVolume queue = new SmallVolume(VOLUMES.resolve("queue"), ROOM_MEGABYTES);

  @Order(2)
  @RegisterExtension
  static final SmallVolume mailboxes =
      new SmallVolume(VOLUMES.resolve("mailboxes"), ROOM_MEGABYTES);

  @Order(3)
  @RegisterExtension
  static final Compose stack =
      new Compose(
              "postbus-test-faults",
              "compose.yaml",
              "containers/src/test/resources/small-volumes.yaml")
          .set("POSTBUS_TEST_VOLUMES", VOLUMES.toString())
          .set("MAX_USER_SEND_PER_MINUTE", "100000")
          // It is about mail to accounts that are there.
          .set("MIN_FREE_DISK_SPACE", "1M");

  private static Correspondence mail;

  @BeforeAll
  static void start() throws Exception {
    mail = new Correspondence(stack);
    mail.begin();
  }

  @Test
  @Order(1)
  void mailGoesOnWhileTheBrokerIsAway() throws Exception {
    var refused = new AtomicInteger();
    try (var sender = Executors.newSingleThreadScheduledExecutor()) {
      sender.scheduleWithFixedDelay(() -> send(refused), 0, 200, TimeUnit.MILLISECONDS);
      stack.run("stop", "broker").succeeded();
      var until = System.nanoTime() + AWAY.toNanos();

      var status = stack.postbus("config-service", "status").output();
      assertThat(status).contains("is not ready").containsPattern("broker +away");
      var changed = stack.postbus("config-service", "config", "set", "max_message_size", "9000000");
      assertThat(changed.output()).contains("it will be applied when the bus is back");
      for (var service : new String[] {"mail-supervisor", "web-service", "cert-service"}) {
        assertThat(stack.healthy(service)).as(service).isTrue();
      }

      sender.schedule(sender::shutdownNow, until - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertThat(sender.awaitTermination(5, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(refused).hasValue(0);
    assertThat(mail.accepted()).isGreaterThan(100);
    mail.awaitAll();
    assertThat(mail.arrived()).isEqualTo(mail.accepted());

    stack.run("start", "broker").succeeded();
    awaitReady();
    await().atMost(LONG).until(() -> events().contains("version 2 after"));
    assertThat(events()).containsOnlyOnce("version 2 by");
  }

  private static void send(AtomicInteger refused) {
    try {
      mail.sendOnce();
    } catch (IOException e) {
      refused.incrementAndGet();
    }
  }

  @Test
  @Order(2)
  void aBrokerThatHasForgottenAllIsToldTheConfigurationAgain() throws Exception {
    stack.run("rm", "--stop", "--force", "broker").succeeded();
    stack.removeVolume("bus");
    mail.send();

    stack.up();

    awaitReady();
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(events())
                    .as(() -> logs("config-service"))
                    .contains("version 1 by", "version 2 by"));
    var changed = stack.postbus("config-service", "config", "set", "max_message_size", "9500000");
    assertThat(changed.succeeded().output()).contains("applied by mail-supervisor", "web-service");
    mail.send();
    mail.awaitAll();
  }

  @Test
  @Order(3)
  void mailThatWasTakenWaitsForRoomInMailboxes() throws Exception {
    mailboxes.fill();
    var before = mail.arrived();

    mail.send();

    assertThat(stack.postbus("config-service", "status").output())
        .contains("0 MB are free in /var/lib/postbus/mailboxes");
    assertThat(mail.arrived()).isEqualTo(before);

    mailboxes.empty();
    // Postfix would try again after some minutes.
    await()
        .atMost(LONG)
        .until(
            () -> {
              flush();
              return mail.arrived() >= mail.accepted();
            });
  }

  @Test
  @Order(4)
  void withoutRoomInTheQueueNoMailIsTakenThatCouldBeLost() throws Exception {
    queue.fill();

    assertThatThrownBy(mail::sendOnce).hasMessageContaining("4.3.1");
    assertThat(stack.postbus("config-service", "status").output())
        .contains("0 MB are free in /var/lib/postbus/mail/queue");

    queue.empty();
    mail.send();
    mail.awaitAll();
    assertThat(stack.postbus("config-service", "status").output()).doesNotContain("MB are free");
  }

  /** Has Postfix try again now what it would try in some minutes. */
  private static void flush() throws Exception {
    for (var line : postqueue("-j").lines().toList()) {
      postqueue("-i", new ObjectMapper().readTree(line).path("queue_id").asText());
    }
  }

  private static String postqueue(String... words) throws IOException, InterruptedException {
    var line =
        new ArrayList<>(
            List.of(
                "exec",
                "-T",
                "mail-supervisor",
                "/usr/sbin/postqueue",
                "-c",
                "/var/lib/postbus/mail/rendered/current/postfix"));
    line.addAll(List.of(words));
    return stack.run(line.toArray(String[]::new)).succeeded().output();
  }

  private static void awaitReady() {
    await()
        .atMost(LONG)
        .until(() -> stack.postbus("config-service", "status").output().contains("is ready"));
  }

  private static String logs(String service) {
    try {
      return stack.run("logs", "--tail", "60", service).output();
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }

  private static String events() throws IOException, InterruptedException {
    return stack.postbus("config-service", "events").output();
  }
}
