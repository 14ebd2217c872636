package dev.postbus.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.doctor.Finding.Level;
import dev.postbus.testing.MadeKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClockCheckTest {
  @TempDir Path state;

  @Test
  void withoutACertificateThereIsNothingToCompare() {
    Found.only(Level.OK, at(Instant.now()).look());
  }

  @Test
  void theTimeMustBeTheCertificates() throws Exception {
    certificate();
    var now = Instant.now();

    Found.only(Level.OK, at(now).look());
    assertThat(Found.only(Level.PROBLEM, at(now.minus(Duration.ofDays(1))).look()).message())
        .contains("begins at");
    assertThat(Found.only(Level.PROBLEM, at(now.plus(Duration.ofDays(365))).look()).message())
        .contains("ended at");
  }

  @Test
  void aFileFromTheFutureMakesItSuspect() throws Exception {
    var chain = certificate();
    var now = Instant.now();
    Files.setLastModifiedTime(chain, FileTime.from(now.plus(Duration.ofHours(1))));

    assertThat(Found.only(Level.WARNING, at(now).look()).next()).contains("set the clock");
  }

  @Test
  void whatIsNoCertificateIsSaid() throws Exception {
    Files.writeString(certificate(), "nothing");

    Found.only(Level.WARNING, at(Instant.now()).look());
  }

  private Path certificate() throws Exception {
    var live = Files.createDirectories(state.resolve("certs/live"));
    return MadeKey.in(state.resolve("key.p12"), "relay.example")
        .writeCertificate(live.resolve("fullchain.pem"));
  }

  private ClockCheck at(Instant now) {
    return new ClockCheck(state, Clock.fixed(now, ZoneOffset.UTC));
  }
}
