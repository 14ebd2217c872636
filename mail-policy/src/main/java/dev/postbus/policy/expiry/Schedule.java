package dev.postbus.policy.expiry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.random.RandomGenerator;

/**
 * When the next daily run is due: a random minute between 2 and 5 o'clock in the clock's zone, each
 * day another, remembered in a file. A time that passed while nothing ran is due at once.
 */
final class Schedule {
  private static final LocalTime WINDOW = LocalTime.of(2, 0);
  private static final int WINDOW_MINUTES = 180;
  // A time further away was written by a clock that was wrong.
  private static final Duration FURTHEST = Duration.ofDays(2);

  private final Path file;
  private final Clock clock;
  private final RandomGenerator random;

  Schedule(Path file, Clock clock, RandomGenerator random) {
    this.file = file;
    this.clock = clock;
    this.random = random;
  }

  /** When the next run is due. */
  synchronized Instant next() throws IOException {
    try {
      var read = Instant.parse(Files.readString(file, StandardCharsets.US_ASCII).strip());
      if (read.isBefore(clock.instant().plus(FURTHEST))) {
        return read;
      }
    } catch (NoSuchFileException | DateTimeException none) {
      return remember(first());
    }
    return remember(first());
  }

  /** A run is done: the next one is tomorrow's. */
  synchronized void done() throws IOException {
    remember(within(today().plusDays(1)));
  }

  private Instant first() {
    var candidate = within(today());
    return candidate.isAfter(clock.instant()) ? candidate : within(today().plusDays(1));
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), clock.getZone());
  }

  private Instant within(LocalDate day) {
    return day.atTime(WINDOW)
        .plusMinutes(random.nextInt(WINDOW_MINUTES))
        .atZone(clock.getZone())
        .toInstant();
  }

  private Instant remember(Instant next) throws IOException {
    var fresh = file.resolveSibling(file.getFileName() + ".new");
    try (var channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap((next + "\n").getBytes(StandardCharsets.US_ASCII)));
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    return next;
  }
}
