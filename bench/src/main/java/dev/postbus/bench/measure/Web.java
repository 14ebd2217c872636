package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Conversation;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client of HTTP/1.1 that keeps its connection as long as the server does. */
final class Web implements AutoCloseable {
  private static final AtomicInteger clients = new AtomicInteger();

  private final Target target;
  private final int perClient;
  private @Nullable Conversation open;
  private int used;

  /**
   * A client that is another person after some requests: a relay allows each address only some.
   *
   * @param perClient requests on one connection; on loopback each connection has its own address
   */
  Web(Target target, int perClient) {
    this.target = target;
    this.perClient = perClient;
  }

  /** Connects if the next request would have to, so that it need not. */
  void prepare() throws IOException {
    if (used >= perClient) {
      close();
    }
    if (open == null) {
      open = Conversation.tls(target.host(), target.https(), address());
      used = 0;
    }
  }

  /** Asks, reads the whole answer, and gives its status. */
  int ask(String method, String path) throws IOException {
    prepare();
    var server = open;
    if (server == null) {
      throw new IOException("no connection");
    }
    used++;
    server.say(
        "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\n"
            .formatted(method, path, target.domain()));
    var status = Integer.parseInt(server.hear().split(" ")[1]);
    long length = 0;
    boolean chunked = false;
    boolean last = false;
    for (var line = server.hear(); !line.isEmpty(); line = server.hear()) {
      var header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length:")) {
        length = Long.parseLong(header.substring(header.indexOf(':') + 1).strip());
      }
      chunked |= header.startsWith("transfer-encoding:") && header.endsWith("chunked");
      last |= header.startsWith("connection:") && header.endsWith("close");
    }
    if (chunked) {
      skipChunks(server);
    } else {
      server.skip(length);
    }
    if (last) {
      close();
    }
    return status;
  }

  private static void skipChunks(Conversation server) throws IOException {
    long size;
    do {
      size = Long.parseLong(server.hear().split(";")[0].strip(), 16);
      server.skip(size);
      server.hear();
    } while (size > 0);
  }

  private @Nullable InetAddress address() throws IOException {
    var relay = InetAddress.getByName(target.host());
    if (!relay.isLoopbackAddress() || relay.getAddress().length != 4) {
      return null;
    }
    // All of 127.0.0.0/8 is this machine.
    var number = clients.incrementAndGet();
    return InetAddress.getByAddress(
        new byte[] {
          127,
          (byte) (1 + number / 62_500 % 250),
          (byte) (1 + number / 250 % 250),
          (byte) (1 + number % 250)
        });
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
