package dev.postbus.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackagesCheckTest {
  @TempDir Path root;

  @Test
  void whatIsMissingCanBeInstalledWhereThereIsApt() throws IOException {
    make("usr/bin/apt-get");
    make("usr/sbin/dovecot");

    var found = Found.only(Level.WARNING, new PackagesCheck(root).look());

    assertThat(found.message()).contains("postfix postfix-pcre dovecot-imapd");
    assertThat(found.message()).doesNotContain("dovecot-core");
    assertThat(found.next()).contains("./postbus up", "apt-get install", "postfix-pcre");
  }

  @Test
  void elsewhereItIsAProblem() {
    Found.only(Level.PROBLEM, new PackagesCheck(root).look());
  }

  @Test
  void onAMachineThatRunsTheTestsNothingIsMissing() {
    Found.only(Level.OK, new PackagesCheck(Path.of("/")).look());
  }

  @Test
  void theyAreThoseThatUpInstalls() throws IOException {
    var script = Files.readString(Path.of("../postbus"));
    var list = Pattern.compile("daemon_packages=\\(([^)]*)\\)").matcher(script);
    assertThat(list.find()).isTrue();
    make("usr/bin/apt-get");

    var next = Found.only(Level.WARNING, new PackagesCheck(root).look()).next();

    assertThat(next).contains("--no-remove " + String.join(" ", list.group(1).split("\\s+")));
  }

  private void make(String file) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.createFile(root.resolve(file));
  }
}
