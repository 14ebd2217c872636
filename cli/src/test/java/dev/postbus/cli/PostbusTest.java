package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostbusTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up",
        "down",
        "status",
        "doctor",
        "logs",
        "config",
        "config set",
        "config get",
        "config show",
        "config unset",
        "config validate",
        "cert",
        "cert show",
        "cert renew",
        "cert import",
        "dns",
        "dns zone",
        "dns check",
        "events",
        "audit",
        "audit verify",
        "audit replay",
        "audit diff",
        "audit export",
        "audit import",
        "bench",
        "user",
        "user list",
        "user show",
        "user block",
        "user unblock",
        "user delete",
        "invite",
        "invite create",
        "invite list",
        "invite revoke",
        "expire",
        "report"
      })
  void everyCommandHasHelp(String command) {
    assertThat(Postbus.run((command + " --help").split(" "))).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fly",
        "config set",
        "cert import only-one",
        "status --colour",
        "up x",
        "user show",
        "dns zone --ipv4 2001:db8::1",
        "dns zone --ipv6 fe80::1%eth0",
        "dns zone --ipv4 300.1.1.1",
        "dns check --resolver 192.0.2.1:70000",
        "dns check --port 0",
        "dns check --resolver a:b:c:d:e",
        "report x",
        "invite create --expires tomorrow --state /nowhere",
        "invite create --uses many",
        "invite revoke",
        "doctor x",
        "audit diff 1d",
        "audit export",
        "audit replay --at 1d --version 3",
        "audit replay --version new"
      })
  void wrongUseIsTwo(String words) {
    assertThat(Postbus.run(words.isEmpty() ? new String[0] : words.split(" "))).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "config show",
        "cert show",
        "events",
        "config get x",
        "user list",
        "user delete a@b",
        "invite create",
        "invite list",
        "invite revoke 0123456789",
        "expire",
        "dns zone",
        "dns check --ipv4 192.0.2.1",
        "report",
        "events --follow --until now",
        "audit verify",
        "audit verify /nowhere",
        "audit replay",
        "audit replay --export /nowhere",
        "audit diff 1d now",
        "audit export /nowhere/else",
        "audit import /nowhere",
        "up --from /nowhere --port-offset 9",
        "bench"
      })
  void withoutAStackItFails(String command) {
    var words = (command + " --state " + folder).split(" ");

    assertThat(Postbus.run(words)).isEqualTo(1);
  }

  @Test
  void downWithoutAStackIsDone() {
    assertThat(Postbus.run("down", "--state", folder.toString())).isZero();
  }
}
