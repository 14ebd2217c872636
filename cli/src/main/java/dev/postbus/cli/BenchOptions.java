package dev.postbus.cli;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** How much is measured. */
final class BenchOptions {
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
