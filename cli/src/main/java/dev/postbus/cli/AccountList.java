package dev.postbus.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Asks for all accounts as {@code doveadm user '*'} does, by Dovecot's dict protocol.
 *
 * @param socket mail-policy's, of accounts
 */
record AccountList(Path socket) {
  private static final String HELLO = "H2\t0\t0\t\tauth\n";
  private static final String ALL = "I0\t0\tshared/userdb/\n";

  /** How many there are; returns when the last one has been told. */
  int count() throws IOException {
    try (var connection = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      connection.connect(UnixDomainSocketAddress.of(socket));
      var out = Channels.newOutputStream(connection);
      out.write((HELLO + ALL).getBytes(StandardCharsets.US_ASCII));
      var in = new BufferedReader(Channels.newReader(connection, StandardCharsets.ISO_8859_1));
      int accounts = 0;
      for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        if (!line.startsWith("O")) {
          throw new IOException("the list of accounts ended with " + line.charAt(0));
        }
        accounts++;
      }
      return accounts;
    }
  }
}
