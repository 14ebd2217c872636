package dev.postbus.cert.acme;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How certificates are got.
 *
 * @param authorities the first is asked; the others only when it fails time and again
 * @param key what keys certificates get
 * @param profile a profile of the authority; empty for its usual one
 * @param addresses whether relays without a domain get a certificate for their address
 * @param challenge how names are proven
 * @param preCheck whether names are looked at before an order
 * @param resolver the DNS server to ask; empty for those of the machine
 * @param web where nginx answers for port 80
 * @param httpPort the port for HTTP at the names' own addresses, looked at before an order
 * @param httpsPort the same for HTTPS
 * @param tls where TLS-ALPN-01 is answered, for nginx
 * @param dns how DNS-01 is done
 */
public record AcmeSettings(
    List<Authority> authorities,
    KeyKind key,
    Optional<String> profile,
    boolean addresses,
    ChallengeKind challenge,
    boolean preCheck,
    Optional<InetSocketAddress> resolver,
    InetSocketAddress web,
    int httpPort,
    int httpsPort,
    InetSocketAddress tls,
    DnsSettings dns) {
  private static final String LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final int TLS_PORT = 9107;

  /** Copies the list. */
  public AcmeSettings {
    authorities = List.copyOf(authorities);
  }

  /** How names are proven. */
  public enum ChallengeKind {
    /** A token on port 80. */
    HTTP_01,
    /** A certificate on port 443. */
    TLS_ALPN_01,
    /** A TXT record. */
    DNS_01
  }

  /**
   * How DNS-01 is done: by update or by hook.
   *
   * @param server the zone's primary server
   * @param key its TSIG key
   * @param zone the zone; empty to ask the server
   * @param hook the program that does it instead
   * @param servers who must have a record before an authority is told to look
   */
  record DnsSettings(
      Optional<InetSocketAddress> server,
      Optional<Path> key,
      Optional<String> zone,
      Optional<Path> hook,
      DnsChallenges.Servers servers) {}

  /**
   * Reads them from settings such as {@code postbus.acme.directory}, which the environment calls
   * {@code POSTBUS_ACME_DIRECTORY}.
   *
   * @throws IllegalArgumentException with every problem
   */
  public static AcmeSettings of(Function<String, Optional<String>> settings) {
    var read = new SettingReader(settings, new ArrayList<>());
    var offset = settings.apply("postbus.port-offset").map(Integer::parseInt).orElse(0);
    var challenges =
        Map.of(
            "http-01", ChallengeKind.HTTP_01,
            "tls-alpn-01", ChallengeKind.TLS_ALPN_01,
            "dns-01", ChallengeKind.DNS_01);
    var made =
        new AcmeSettings(
            authorities(read),
            KeyKind.valueOf(
                read.choice("key", "ec", List.of("ec", "rsa")).toUpperCase(Locale.ROOT)),
            read.text("profile"),
            read.flag("address", false),
            challenges.getOrDefault(
                read.choice("challenge", "http-01", challenges.keySet()), ChallengeKind.HTTP_01),
            read.flag("pre-check", true),
            read.address("resolver"),
            read.peer("web")
                .orElseGet(
                    () ->
                        new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), HTTP_PORT + offset)),
            read.port("http-port").orElse(HTTP_PORT + offset),
            read.port("https-port").orElse(HTTPS_PORT + offset),
            read.address("tls")
                .orElseGet(
                    () ->
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), TLS_PORT + offset)),
            dns(read));
    made.checkDns(read);
    if (!read.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", read.problems()));
    }
    return made;
  }

  private static List<Authority> authorities(SettingReader read) {
    var authorities = new ArrayList<Authority>();
    authorities.add(
        new Authority(
            read.directory("directory").orElse(URI.create(LETS_ENCRYPT)),
            read.file("trust"),
            read.file("eab")));
    read.directory("fallback-directory")
        .map(url -> new Authority(url, read.file("fallback-trust"), read.file("fallback-eab")))
        .ifPresent(authorities::add);
    return authorities;
  }

  private static DnsSettings dns(SettingReader read) {
    var servers =
        switch (read.text("dns-check").orElse("zone")) {
          case "zone" -> new DnsChallenges.Servers.OfTheZone();
          case "off" -> new DnsChallenges.Servers.These(List.of());
          default -> new DnsChallenges.Servers.These(read.addresses("dns-check"));
        };
    return new DnsSettings(
        read.address("dns-server"),
        read.file("dns-key"),
        read.text("dns-zone"),
        read.file("dns-hook"),
        servers);
  }

  private void checkDns(SettingReader read) {
    if (challenge == ChallengeKind.DNS_01
        && dns.hook().isEmpty()
        && (dns.server().isEmpty() || dns.key().isEmpty())) {
      read.problems()
          .add(
              "POSTBUS_ACME_CHALLENGE is dns-01, which needs POSTBUS_ACME_DNS_HOOK, or both"
                  + " POSTBUS_ACME_DNS_SERVER and POSTBUS_ACME_DNS_KEY");
    }
  }

  /** What puts proofs into their place. */
  Challenges challenges(HttpTokens tokens) {
    return switch (challenge) {
      case HTTP_01 -> tokens;
      case TLS_ALPN_01 -> new TlsAlpnResponder(tls);
      case DNS_01 ->
          new DnsChallenges(
              dns.hook()
                  .<DnsEditor>map(DnsHook::new)
                  .orElseGet(
                      () ->
                          new DnsUpdate(
                              dns.server().orElseThrow(),
                              dns.key().orElseThrow(),
                              dns.zone().map(Dns::name))),
              Dns.through(resolver),
              dns.servers());
    };
  }

  /** What looks before an authority does; nothing where names are proven by DNS. */
  Optional<PreCheck> check(HttpTokens tokens) {
    return challenge == ChallengeKind.DNS_01
        ? Optional.empty()
        : Optional.of(
            new PreCheck(
                tokens,
                web,
                challenge == ChallengeKind.HTTP_01
                    ? new PreCheck.Front(httpPort, true)
                    : new PreCheck.Front(httpsPort, false),
                preCheck ? Optional.of(Dns.through(resolver)) : Optional.empty()));
  }
}
