package dev.postbus.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.doctor.Finding.Level;
import dev.postbus.testing.ChallengeDns;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolverCheckTest {
  @TempDir Path root;

  @BeforeEach
  void resolvConf() throws Exception {
    Files.createDirectory(root.resolve("etc"));
    Files.writeString(root.resolve("etc/resolv.conf"), "# ours\nnameserver 127.0.0.1\n");
  }

  @Test
  void aServerThatAnswersIsRight() throws Exception {
    try (var dns = ChallengeDns.start(root)) {
      Found.only(Level.OK, new ResolverCheck(root, dns.port(), true).look());
    }
  }

  @Test
  void aSilentOneIsAProblemForWhoMailsWithOthers() {
    // Nobody is at this port.
    var found = Found.only(Level.PROBLEM, new ResolverCheck(root, 1, true).look());

    assertThat(found.message()).isEqualTo("no answer from 127.0.0.1");
    assertThat(found.next()).contains("resolv.conf");
    Found.only(Level.WARNING, new ResolverCheck(root, 1, false).look());
  }
}
