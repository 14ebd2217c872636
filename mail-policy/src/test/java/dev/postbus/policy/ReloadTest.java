package dev.postbus.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.policy.helper.OwnWork;
import dev.postbus.policy.net.LineReader;
import dev.postbus.policy.settings.BadSettings;
import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.policy.smtp.FilterCounters;
import dev.postbus.policy.smtp.Filters;
import dev.postbus.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits change under connections that are open. */
class ReloadTest {
  @TempDir Path folder;
  private final int port = FreePort.any();

  @Test
  void anOpenConnectionGoesOnWithTheNewLimits() throws Exception {
    write(new PolicySettings.Limits(60, 10, 1000), port);
    var settings = new LiveSettings(file());
    try (var filter =
            Filters.outgoing(settings, new OwnWork(name -> List.of()), new FilterCounters());
        var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertThat(filter).isNotNull();
      socket.setSoTimeout(20_000);
      var in = new LineReader(socket.getInputStream(), 1000);
      in.line();
      assertThat(ask(socket, in, "MAIL FROM:<alice1234@relay.test> SIZE=2000")).startsWith("552");

      write(new PolicySettings.Limits(60, 1, 3000), port);
      settings.reload();

      assertThat(ask(socket, in, "MAIL FROM:<alice1234@relay.test> SIZE=2000")).startsWith("250");
      assertThat(ask(socket, in, "RSET")).startsWith("250");
      assertThat(ask(socket, in, "MAIL FROM:<alice1234@relay.test>")).startsWith("450 4.7.1");
    }
  }

  @Test
  void whatCannotTakeEffectOrBeReadChangesNothing() throws Exception {
    write(new PolicySettings.Limits(60, 10, 1000), port);
    var settings = new LiveSettings(file());

    write(new PolicySettings.Limits(60, 10, 2000), port + 1);
    assertThatThrownBy(settings::reload).isInstanceOf(BadSettings.class);
    Files.writeString(file(), "{");
    assertThatThrownBy(settings::reload).isInstanceOf(BadSettings.class);

    assertThat(settings.get().limits().maxMessageSize()).isEqualTo(1000);
  }

  private Path file() {
    return folder.resolve("policy.json");
  }

  private void write(PolicySettings.Limits limits, int listen) throws IOException {
    var some = TestSettings.in(folder, 1);
    var settings =
        TestSettings.with(
            some,
            limits,
            new PolicySettings.Filter(listen, 1),
            some.incoming(),
            some.controlPort());
    new ObjectMapper().writeValue(file().toFile(), settings);
  }

  private static String ask(Socket socket, LineReader in, String command) throws IOException {
    socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    return in.line();
  }
}
