package dev.postbus.cert.acme;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;

/** The account with an authority: made once, and kept (RFC 8555, section 7.3). */
final class Accounts {
  private final AuthorityFolder folder;
  private final Authority authority;
  private final String email;

  /**
   * Accounts of one authority.
   *
   * @param email told to the authority; empty for none
   */
  Accounts(AuthorityFolder folder, Authority authority, String email) {
    this.folder = folder;
    this.authority = authority;
    this.email = email;
  }

  /** The account that there is. */
  Optional<Login> known(CaSession ca) {
    return folder
        .account()
        .read()
        .flatMap(account -> folder.accountKey().read().map(key -> ca.login(account, key)));
  }

  /**
   * Makes the account. The key is on disk before the authority hears of it: asked again with the
   * same key, after a crash, it answers with the account that it has.
   */
  Login register(CaSession ca) throws AcmeFailure, InterruptedException {
    var key =
        folder
            .accountKey()
            .read()
            .orElseGet(
                () -> {
                  var made = KeyKind.EC.generate();
                  folder.accountKey().write(made);
                  return made;
                });
    var builder = new AccountBuilder().useKeyPair(key).agreeToTermsOfService();
    if (!email.isEmpty()) {
      builder.addEmail(email);
    }
    authority.binding().map(Binding::read).ifPresent(binding -> binding.addTo(builder));
    var login =
        ca.ask(
            FailureKind.ACCOUNT,
            "no account could be made",
            () -> builder.createLogin(ca.session()));
    folder
        .account()
        .write(new AuthorityFolder.Account(login.getAccountLocation().toString(), null));
    return login;
  }

  /** An external account binding: a key's id and the key, base64url, in a file on two lines. */
  private record Binding(String id, String mac) {
    static Binding read(Path file) {
      try {
        var lines = Files.readString(file).strip().split("\\s+");
        if (lines.length == 2 && lines[1].matches("[A-Za-z0-9_-]{16,}")) {
          return new Binding(lines[0], lines[1]);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file + " (POSTBUS_ACME_EAB)", e);
      }
      throw new IllegalStateException(
          file
              + " (POSTBUS_ACME_EAB) must hold the key's id and the key in base64url, on two lines");
    }

    void addTo(AccountBuilder builder) {
      builder.withKeyIdentifier(id, mac);
    }

    @Override
    public String toString() {
      return "binding with key " + id;
    }
  }
}
