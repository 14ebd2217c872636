package dev.postbus.config;

import java.nio.file.Path;

/** Starts on a state folder, changes one key, and says so before its event is on the bus. */
final class ChangingProgram {
  private ChangingProgram() {}

  /** {@code STATE BOOTSTRAP SERVICE VALUE}. */
  public static void main(String[] args) throws Exception {
    try (var life = new Life(Path.of(args[0]), args[1], args[2])) {
      life.awaitSent();
      var version = life.set("max_load_1m", args[3]);
      System.out.println("made " + version.number());
      System.out.flush();
      life.awaitSent();
      System.out.println("sent");
    }
    System.exit(0);
  }
}
