package dev.postbus.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.doctor.Finding;
import dev.postbus.doctor.Finding.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutgoingCheckTest {
  @Test
  void aGreetingMeansThatOneGetsThere() throws Exception {
    Found.only(Level.OK, greetedWith("220 mx.example ESMTP\r\n"));
  }

  @Test
  void somethingElseThanAMailServerIsSaid() throws Exception {
    var found = Found.only(Level.PROBLEM, greetedWith("HTTP/1.1 400 Bad Request\r\n"));

    assertThat(found.message()).contains("something else than a mail server");
  }

  @Test
  void aClosedPortIsAProblemForWhoMailsWithOthers() {
    var found = Found.only(Level.PROBLEM, new OutgoingCheck("127.0.0.1", 1, true).look());

    assertThat(found.message()).contains("port 1 of 127.0.0.1 cannot be reached");
    assertThat(found.next()).contains("port 25", "--mail-server");
    Found.only(Level.WARNING, new OutgoingCheck("127.0.0.1", 1, false).look());
  }

  @Test
  void aNameThatIsNotKnownSaysNothingOfThePort() {
    var found = Found.only(Level.WARNING, new OutgoingCheck("no..name", 25, true).look());

    assertThat(found.message()).contains("not known", "not tried");
  }

  private static List<Finding> greetedWith(String greeting) throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (var client = server.accept()) {
                  client.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      return new OutgoingCheck("127.0.0.1", server.getLocalPort(), true).look();
    }
  }
}
