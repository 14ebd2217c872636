package dev.postbus.policy;

import dev.postbus.policy.settings.BadSettings;
import dev.postbus.policy.settings.PolicySettings;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The settings in force; they can be read again while everything runs. */
final class LiveSettings implements Supplier<PolicySettings> {
  private final Path file;
  private volatile PolicySettings current;

  LiveSettings(Path file) throws BadSettings {
    this.file = file;
    this.current = PolicySettings.read(file);
  }

  @Override
  public PolicySettings get() {
    return current;
  }

  /** Reads the file again; what it held before stays in force if it is bad. */
  synchronized void reload() throws BadSettings {
    var next = PolicySettings.read(file);
    if (!next.sameEndpoints(current)) {
      throw new BadSettings(file + ": ports and sockets change only with a restart");
    }
    current = next;
  }
}
