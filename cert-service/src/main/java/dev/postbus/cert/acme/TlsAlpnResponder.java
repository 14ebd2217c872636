package dev.postbus.cert.acme;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves names by TLS-ALPN-01 (RFC 8737): nginx passes on what asks for {@code acme-tls/1} on port
 * 443. It listens only while there is something to prove.
 */
final class TlsAlpnResponder implements Challenges {
  private static final Logger log = LoggerFactory.getLogger(TlsAlpnResponder.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final InetSocketAddress address;
  private final Map<String, Proof> proofs = new ConcurrentHashMap<>();
  private @Nullable SSLServerSocket server;

  /** One that will listen at an address. */
  TlsAlpnResponder(InetSocketAddress address) {
    this.address = address;
  }

  private record Proof(X509Certificate certificate, KeyPair pair) {
    @Override
    public String toString() {
      return "proof";
    }
  }

  @Override
  public String type() {
    return TlsAlpn01Challenge.TYPE;
  }

  @Override
  public synchronized void present(Identifier name, Challenge challenge) throws AcmeFailure {
    // acme4j signs these certificates with RSA alone; one key does for all names of an order.
    var pair = proofs.isEmpty() ? KeyKind.RSA.generate() : keyInUse();
    var certificate = ((TlsAlpn01Challenge) challenge).createCertificate(pair, name);
    proofs.put(serverName(name), new Proof(certificate, pair));
    if (server == null) {
      try {
        var listening = listen();
        server = listening;
        Thread.ofVirtual().name("acme-tls").start(() -> accept(listening));
      } catch (IOException | GeneralSecurityException e) {
        proofs.clear();
        throw new AcmeFailure(
            FailureKind.CHALLENGE_SETUP,
            "cannot listen at %s for TLS-ALPN-01: %s: free the port, or set POSTBUS_ACME_TLS here and POSTBUS_CERT_TLS for web-service"
                .formatted(address, e.getMessage()),
            e);
      }
    }
  }

  private KeyPair keyInUse() {
    return proofs.values().iterator().next().pair();
  }

  @Override
  public synchronized void withdraw(Identifier name, Challenge challenge) {
    proofs.remove(serverName(name));
    var listening = server;
    if (proofs.isEmpty() && listening != null) {
      server = null;
      try {
        listening.close();
      } catch (IOException e) {
        log.debug("closing {}", address, e);
      }
    }
  }

  /** RFC 8738, section 6: an address is asked for by its reverse name. */
  private static String serverName(Identifier name) {
    if (!name.getType().equals(Identifier.TYPE_IP)) {
      return name.getDomain().toLowerCase(Locale.ROOT);
    }
    return org.xbill.DNS.ReverseMap.fromAddress(name.getIP()).toString(true);
  }

  private SSLServerSocket listen() throws IOException, GeneralSecurityException {
    var tls = SSLContext.getInstance("TLS");
    tls.init(new KeyManager[] {new ByServerName()}, null, null);
    var listening = (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
    var parameters = listening.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {TlsAlpn01Challenge.ACME_TLS_1_PROTOCOL});
    listening.setSSLParameters(parameters);
    listening.setReuseAddress(true);
    listening.bind(address);
    return listening;
  }

  private void accept(SSLServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        var client = (SSLSocket) listening.accept();
        Thread.ofVirtual().name("acme-tls-client").start(() -> shakeHands(client));
      } catch (IOException e) {
        log.debug("accepting at {}", address, e);
      }
    }
  }

  /** The certificate in the handshake is the whole answer. */
  private static void shakeHands(SSLSocket client) {
    try (client) {
      client.setSoTimeout((int) PATIENCE.toMillis());
      client.startHandshake();
    } catch (IOException e) {
      log.debug("a TLS-ALPN-01 client: {}", e.getMessage());
    }
  }

  /** Chooses the proof for the name that a client asks for. */
  private final class ByServerName extends X509ExtendedKeyManager {
    private @Nullable String named(@Nullable ExtendedSSLSession session, String keyType) {
      if (session == null || !keyType.equals("RSA")) {
        return null;
      }
      return session.getRequestedServerNames().stream()
          .filter(SNIHostName.class::isInstance)
          .map(name -> ((SNIHostName) name).getAsciiName().toLowerCase(Locale.ROOT))
          .filter(proofs::containsKey)
          .findFirst()
          .orElse(null);
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, Socket socket) {
      return named((ExtendedSSLSession) ((SSLSocket) socket).getHandshakeSession(), keyType);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
      return named((ExtendedSSLSession) engine.getHandshakeSession(), keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      var proof = proofs.get(alias);
      return proof == null ? null : new X509Certificate[] {proof.certificate()};
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      var proof = proofs.get(alias);
      return proof == null ? null : proof.pair().getPrivate();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return proofs.keySet().toArray(String[]::new);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
      return null;
    }
  }
}
