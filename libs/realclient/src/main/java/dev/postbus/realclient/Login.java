package dev.postbus.realclient;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What somebody types in who has no code to scan. The relay's certificate is not looked at: relays
 * under test sign their own.
 *
 * @param address all of it, with the domain
 * @param password in the clear
 * @param host name or address of the relay
 * @param imaps port of IMAP over TLS
 * @param submissions port of submission over TLS
 */
public record Login(String address, String password, String host, int imaps, int submissions) {

  Map<String, Object> parameters() {
    var login = new LinkedHashMap<String, Object>();
    login.put("addr", address);
    login.put("password", password);
    login.put("imapServer", host);
    login.put("imapPort", imaps);
    login.put("imapSecurity", "ssl");
    login.put("smtpServer", host);
    login.put("smtpPort", submissions);
    login.put("smtpSecurity", "ssl");
    login.put("certificateChecks", "acceptInvalidCertificates");
    return login;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return address + " at " + host;
  }
}
