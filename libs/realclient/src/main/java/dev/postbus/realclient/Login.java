package dev.postbus.realclient;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What somebody types in who has no code to scan. The relay's certificate is not looked at: relays
 * under test sign their own.
 *
 * @param address all of it, with the domain
 * @param password in the clear
 * @param host name or address of the relay; empty if it is to be found out, with the ports
 * @param imaps port of IMAP over TLS
 * @param submissions port of submission over TLS
 */
public record Login(String address, String password, String host, int imaps, int submissions) {

  /** Of somebody who types in no more than that: the rest is for the core to find out. */
  public static Login byAddress(String address, String password) {
    return new Login(address, password, "", 0, 0);
  }

  Map<String, Object> parameters() {
    var login = new LinkedHashMap<String, Object>();
    login.put("addr", address);
    login.put("password", password);
    login.put("certificateChecks", "acceptInvalidCertificates");
    if (host.isEmpty()) {
      return login;
    }
    login.put("imapServer", host);
    login.put("imapPort", imaps);
    login.put("imapSecurity", "ssl");
    login.put("smtpServer", host);
    login.put("smtpPort", submissions);
    login.put("smtpSecurity", "ssl");
    return login;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return host.isEmpty() ? address : address + " at " + host;
  }
}
