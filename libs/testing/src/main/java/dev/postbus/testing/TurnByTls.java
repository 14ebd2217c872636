package dev.postbus.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client that reaches a TURN server by TLS on a port that others share, and says so by ALPN (RFC
 * 7443).
 */
public final class TurnByTls {
  /** A success response to a Binding request (RFC 8489, section 6.3.3). */
  public static final int BOUND = 0x0101;

  private static final short BINDING = 0x0001;
  private static final int MAGIC_COOKIE = 0x2112A442;
  private static final int HEADER = 20;
  private static final int LONG_SECONDS = 20;

  private TurnByTls() {}

  /**
   * Asks a listener on loopback for the address that it sees.
   *
   * @return the type of the answer (RFC 8489, section 5); {@link #BOUND} if it is a TURN server's
   * @throws IOException if less than an answer comes
   */
  public static int ask(int port) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                List.of(
                    "openssl",
                    "s_client",
                    "-quiet",
                    "-alpn",
                    "stun.turn",
                    "-connect",
                    "127.0.0.1:" + port))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      var request = ByteBuffer.allocate(HEADER).putShort(BINDING).putShort((short) 0);
      process.getOutputStream().write(request.putInt(MAGIC_COOKIE).array());
      process.getOutputStream().flush();
      var reading = process.onExit().orTimeout(LONG_SECONDS, TimeUnit.SECONDS);
      reading.exceptionally(late -> process.destroyForcibly());
      var answer = process.getInputStream().readNBytes(HEADER);
      if (answer.length < HEADER) {
        throw new IOException("the answer ends after " + answer.length + " bytes");
      }
      return ByteBuffer.wrap(answer).getShort();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
