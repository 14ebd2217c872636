package dev.postbus.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountListTest {
  @TempDir Path folder;

  @Test
  void countsUntilTheEmptyLine() throws Exception {
    assertThat(count("Oshared/userdb/a@x\t\nOshared/userdb/b@x\t\n\nOnot counted\n")).isEqualTo(2);
  }

  @Test
  void aFailureIsAnError() {
    assertThatThrownBy(() -> count("Finternal error\n\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended with F");
  }

  /** Asks a scripted mail-policy. */
  private int count(String answer) throws Exception {
    var address = UnixDomainSocketAddress.of(folder.resolve("dict"));
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      listener.bind(address);
      var peer = threads.submit(script(listener, answer));
      var counted = new AccountList(address.getPath()).count();
      assertThat(peer.get()).startsWith("I").endsWith("\tshared/userdb/");
      return counted;
    }
  }

  private static Callable<String> script(ServerSocketChannel listener, String answer) {
    return () -> {
      try (var client = listener.accept()) {
        var lines = new BufferedReader(Channels.newReader(client, US_ASCII));
        assertThat(lines.readLine()).startsWith("H2\t");
        var question = lines.readLine();
        Channels.newOutputStream(client).write(answer.getBytes(US_ASCII));
        return question;
      }
    };
  }
}
