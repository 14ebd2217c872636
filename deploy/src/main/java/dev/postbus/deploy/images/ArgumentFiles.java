package dev.postbus.deploy.images;

import dev.postbus.deploy.local.JavaCommand;
import dev.postbus.deploy.local.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes how the JVM of each program in an image is started, as files for {@code java @FILE}: an
 * image has no shell to put a command together. Run when the image is built.
 */
public final class ArgumentFiles {
  /** A program's arguments, in its folder. */
  static final String NAME = "java.args";

  /** Those of a replica of mail-policy. */
  static final String HELPER_NAME = "helper.args";

  private static final String POLICY = "mail-policy";
  private static final String CLI = "cli";
  private static final String HELPER = "dev.postbus.policy.HelperMain";
  private static final String HELPER_PORT = "9106";
  private static final String[] HELPER_HEAP = {
    "-Xms6m", "-Xmx32m", "-Xmn4m", "-XX:+ExitOnOutOfMemoryError"
  };

  // A container that is made anew has another address; the JVM would keep the old one for 30 s.
  private static final String FRESH_NAMES = "-Dsun.net.inetaddr.ttl=1";

  private ArgumentFiles() {}

  /**
   * Writes the files.
   *
   * @param args the folder with the programs, each in a folder of its name
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: ArgumentFiles PROGRAMS");
      System.exit(2);
    }
    write(Path.of(args[0]));
  }

  static void write(Path programs) throws IOException {
    var java = new JavaCommand(programs, null);
    var names = new ArrayList<>(Shape.SERVICES);
    names.add(Shape.ALL);
    for (var name : names) {
      var command = Shape.command(name, java);
      put(programs.resolve(name), command.subList(1, command.size()));
    }
    // mail-supervisor knows how to start it, and asks only for what else its JVM is told.
    put(programs.resolve(POLICY), java.options(POLICY));
    put(programs.resolve(CLI), commandLine(programs, java));
    var helper = new ArrayList<>(java.plain(POLICY, HELPER, HELPER_HEAP));
    helper.add(HELPER_PORT);
    put(programs.resolve(POLICY), HELPER_NAME, helper.subList(1, helper.size()));
  }

  /** Behind it come the class to run, and what the operator types. */
  private static List<String> commandLine(Path programs, JavaCommand java) {
    var options =
        new ArrayList<>(
            List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xss512k",
                "-Xmx96m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    options.addAll(java.cacheOptions(CLI));
    options.add("-Dpostbus.home=" + programs);
    options.addAll(List.of("-cp", JavaCommand.classPath(programs.resolve(CLI))));
    return options;
  }

  private static void put(Path program, List<String> arguments) throws IOException {
    put(program, NAME, arguments);
  }

  private static void put(Path program, String name, List<String> arguments) throws IOException {
    if (arguments.stream().anyMatch(argument -> !argument.matches("[A-Za-z0-9/._:=,+@-]+"))) {
      throw new IllegalArgumentException("the path of the programs needs quotes: " + program);
    }
    var all = new ArrayList<>(List.of(FRESH_NAMES));
    all.addAll(arguments);
    Files.write(program.resolve(name), all);
  }
}
