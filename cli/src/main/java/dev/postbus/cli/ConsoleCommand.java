package dev.postbus.cli;

import dev.postbus.deploy.local.StackPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "console",
    description = {
      "Prints the address of the console, with a code that is good for one login.",
      "The code is good for five minutes. The console answers on loopback only: from another",
      "machine, take its port along by ssh -L."
    })
final class ConsoleCommand implements Callable<Integer> {
  private static final String SERVICE = "web-service";
  private static final int PUBLISHED = 9104;

  @Mixin private StateOption state = new StateOption();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    var ports = state.ports();
    // What services show one another, where they do, the console takes as well.
    var shown =
        Containers.here().authorization().isPresent()
            ? Map.<String, String>of()
            : Map.of("Authorization", "Bearer " + ownToken());
    var host = Containers.here().consoleHost(ports);
    var answer =
        new Rest().send(SERVICE, host, ports.web(), "POST", "/console/code", shown, new byte[0]);
    if (answer.status() != 200) {
      throw new Failure(
          answer.status() == 429
              ? "there were too many wrong tokens: wait for a minute"
              : "web-service does not know the token (status " + answer.status() + ")");
    }
    var address = "http://127.0.0.1:" + port(ports) + "/console";
    var link = address + "/login?code=" + answer.text().strip();
    if (json) {
      System.out.println(
          Rest.JSON.createObjectNode().put("address", address).put("link", link).toPrettyString());
    } else {
      System.out.printf("%s%nThe link is good for one login within five minutes.%n", link);
    }
    return 0;
  }

  /** At which port a browser finds it; containers publish it at one of their own. */
  private static int port(StackPorts ports) {
    return Containers.here().shape().isEmpty()
        ? ports.web()
        : Optional.ofNullable(System.getenv("POSTBUS_CONSOLE_PORT"))
            .filter(text -> text.matches("\\d{1,5}"))
            .map(Integer::parseInt)
            .orElse(PUBLISHED);
  }

  private String ownToken() throws IOException {
    var file = state.folder().resolve("web/console/token");
    if (!Files.isReadable(file)) {
      throw new Failure(file + " cannot be read: be root; web-service makes it when it starts");
    }
    return Files.readString(file).strip();
  }
}
