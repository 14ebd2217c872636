package dev.postbus.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogManager;

/** The broker as a process of its own: {@code DATA-FOLDER HOST PORT CONTROLLER-PORT}. */
public final class BrokerProgram {
  private BrokerProgram() {}

  /**
   * Runs until the process is asked to end.
   *
   * @param args folder, address, port and controller port
   */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 4) {
      System.err.println("usage: broker DATA-FOLDER HOST PORT CONTROLLER-PORT");
      System.exit(2);
    }
    quietLogs();
    var settings =
        new BrokerSettings(
            Path.of(args[0]), args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    var ended = new CountDownLatch(1);
    var broker = EmbeddedBroker.start(settings);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  broker.close();
                  ended.countDown();
                },
                "stop"));
    System.out.println("broker ready on " + broker.bootstrap());
    ended.await();
  }

  private static void quietLogs() {
    try (var in = BrokerProgram.class.getResourceAsStream("/broker-logging.properties")) {
      LogManager.getLogManager().readConfiguration(in);
    } catch (IOException e) {
      throw new UncheckedIOException("broker-logging.properties", e);
    }
  }
}
