package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.results.Recorder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lookups of existing accounts over the socket at which Dovecot asks for them: each waits for the
 * answer to the one before, over one connection and over several.
 *
 * @param socket the dict server's
 * @param lookups how many in each series
 */
public record PassdbLookups(Path socket, int lookups) implements Measurement {
  private static final int ACCOUNTS = 100;
  private static final int CONNECTIONS = 8;

  @Override
  public String name() {
    return "passdb lookups";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    var accounts = Stream.generate(() -> Account.fresh(target.domain())).limit(ACCOUNTS).toList();
    // The first lookups make the accounts, the next ones warm up.
    ask(1, ACCOUNTS, accounts);
    ask(CONNECTIONS, lookups, accounts);
    for (var connections : List.of(1, CONNECTIONS)) {
      var took = ask(connections, lookups, accounts);
      results.figure(
          "%s, %d at once".formatted(name(), connections), "lookups/s", lookups * 1e9 / took);
    }
  }

  private long ask(int connections, int total, List<Account> accounts)
      throws IOException, InterruptedException {
    var clients = new ArrayList<Client>();
    try {
      for (int i = 0; i < connections; i++) {
        clients.add(new Client(socket));
      }
      var each = total / connections;
      return Crew.run(
          connections,
          connections,
          client -> {
            for (int i = 0; i < each; i++) {
              clients.get(client).lookUp(accounts.get(i % accounts.size()));
            }
          });
    } finally {
      Crew.closeAll(clients);
    }
  }

  private static final class Client implements AutoCloseable {
    private final SocketChannel channel;
    private final BufferedReader in;

    private Client(Path socket) throws IOException {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      in =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.ISO_8859_1));
      say("H3\t2\t0\t\tauth\n");
    }

    private void lookUp(Account account) throws IOException {
      say(
          "Lshared/passdb/%s\"%s\t%s\n"
              .formatted(account.password(), account.address(), account.address()));
      var answer = in.readLine();
      if (answer == null || !answer.startsWith("O")) {
        throw new IOException("an account was not found: " + answer);
      }
    }

    private void say(String text) throws IOException {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
