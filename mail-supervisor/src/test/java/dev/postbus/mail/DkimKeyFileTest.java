package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.supervision.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DkimKeyFileTest {
  private static final Account SIGNER = new Account(4321, 4321, java.util.List.of());

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("opendkim.private");
  }

  @Test
  void aKeyIsMadeOnceForItsOwnerAlone() throws IOException {
    var made = new DkimKeyFile(file, SIGNER).open();
    var content = Files.readString(file);

    assertThat(made.getModulus().bitLength()).isEqualTo(2048);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(4321);
    assertThat(new DkimKeyFile(file, SIGNER).open()).isEqualTo(made);
    assertThat(file).content().isEqualTo(content);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-traditional"})
  void aKeyThatIsThereIsUsedAsItIs(String form) throws Exception {
    // Given a key as openssl, or opendkim-genkey with its older form, writes it
    openssl("genrsa", "-out", file.toString(), form.isEmpty() ? "-verbose" : form, "2048");
    var content = Files.readString(file);
    assertThat(content)
        .startsWith(form.isEmpty() ? "-----BEGIN PRIVATE" : "-----BEGIN RSA PRIVATE");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    // When it is opened
    var key = new DkimKey("relay.test", new DkimKeyFile(file, SIGNER).open());

    // Then the record holds its public part, and the file is the same, but closed
    openssl("rsa", "-in", file.toString(), "-pubout", "-outform", "DER", "-out", folder + "/pub");
    var publicPart = Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("pub")));
    assertThat(key.value()).isEqualTo("v=DKIM1;k=rsa;p=" + publicPart + ";s=email;t=s");
    assertThat(key.name()).isEqualTo("opendkim._domainkey.relay.test");
    assertThat(file).content().isEqualTo(content);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"})
  void whatIsNotAKeyIsLeftAndNamed(String content) throws IOException {
    Files.writeString(file, content);

    assertThatThrownBy(() -> new DkimKeyFile(file, SIGNER).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("AAAA");
    assertThat(file).content().isEqualTo(content);
  }

  @Test
  void aKeyThatIsTooShortIsLeftAndNamed() throws Exception {
    openssl("genrsa", "-out", file.toString(), "768");

    assertThatThrownBy(() -> new DkimKeyFile(file, SIGNER).open())
        .hasMessageContaining("at least 1024 bits");
  }

  @Test
  void aLinkThatLeadsNowhereIsNotReplaced() throws IOException {
    Files.createSymbolicLink(file, folder.resolve("not-mounted-yet"));

    assertThatThrownBy(() -> new DkimKeyFile(file, SIGNER).open())
        .hasMessageContaining(file.toString());
    assertThat(Files.isSymbolicLink(file)).isTrue();
  }

  private void openssl(String... arguments) throws Exception {
    var command = new java.util.ArrayList<String>();
    command.add("openssl");
    command.addAll(java.util.List.of(arguments));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
  }
}
