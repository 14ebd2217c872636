package dev.postbus.dns.wanted;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.List;
import java.util.Optional;

/** Relays as tests need them. */
public final class Relays {
  /** As long as a key of 2048 bits is. */
  public static final String KEY =
      "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" + "AbC+/12".repeat(51) + "IDAQAB";

  /** The account that its certificates come from. */
  public static final String ACCOUNT = "https://ca.example/acct/7";

  private Relays() {}

  /** One that has everything. */
  public static Relay complete(String domain) {
    return new Relay(
        domain,
        Optional.of(List.of(Inet4Address.ofLiteral("192.0.2.1"))),
        Optional.of(List.of((Inet6Address) Inet6Address.ofLiteral("2001:db8::1"))),
        "postbus0123456789abcdef",
        new Relay.DkimKey("opendkim", "v=DKIM1;k=rsa;p=" + KEY + ";s=email;t=s"),
        List.of(new Relay.Issuer("ca.example", ACCOUNT)));
  }
}
