package dev.postbus.cli;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** How much is measured. */
final class BenchOptions {
  private static final int MOST_MAIL = 1000;

  @Option(names = "--runs", paramLabel = "N", description = "Samples of a series (default: 50).")
  private int runs = 50;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "Clients in IDLE for idle and gaps (default: 100).")
  private int clients = 100;

  @Option(
      names = "--deliveries",
      paramLabel = "N",
      description = "Messages for gaps (default: 1000).")
  private int deliveries = 1000;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "Length of soak, 1 or more (default: 45).")
  private int minutes = 45;

  @Option(
      names = "--light",
      description =
          "soak with the mail of a few people, without changes and kills: shows the memory of light use.")
  private boolean light;

  @Option(
      names = "--mail",
      paramLabel = "N",
      description = "Messages a second beside changes, 0 to 1000 (default: 0).")
  private int mail;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "Only accounts, connections or events of growth; may be given several times.")
  private Set<Growth.Part> parts = EnumSet.allOf(Growth.Part.class);

  @Option(
      names = "--up-to",
      paramLabel = "N",
      description = "The largest step of growth (default: all).")
  private int upTo = Integer.MAX_VALUE;

  int runs() {
    return runs;
  }

  int clients() {
    return clients;
  }

  int deliveries() {
    return deliveries;
  }

  Duration length() {
    if (minutes < 1) {
      throw new Failure("--minutes must be 1 or more, not " + minutes);
    }
    return Duration.ofMinutes(minutes);
  }

  int mail() {
    if (mail < 0 || mail > MOST_MAIL) {
      throw new Failure("--mail must be from 0 to %d, not %d".formatted(MOST_MAIL, mail));
    }
    return mail;
  }

  Set<Growth.Part> parts() {
    return Set.copyOf(parts);
  }

  int upTo() {
    return upTo;
  }

  boolean light() {
    return light;
  }
}
