package dev.postbus.cli;

import dev.postbus.audit.AuditLog;
import dev.postbus.audit.BusLog;
import dev.postbus.audit.ExportLog;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which log a command looks at: that of a stack's bus, of another bus, or of an export. */
final class LogOption {
  @Mixin private StateOption state = new StateOption();

  @Option(
      names = "--bus",
      paramLabel = "HOST:PORT",
      description = "A bus elsewhere, instead of the stack's.")
  private @Nullable String bus;

  @Option(names = "--export", paramLabel = "FOLDER", description = "An export, instead of a bus.")
  private @Nullable Path export;

  /** Where the bus is. */
  String bootstrap() {
    return bus != null ? bus : Containers.here().bus(state.ports());
  }

  /** The log, as it is now. */
  AuditLog open() throws IOException {
    if (export != null) {
      return ExportLog.open(export);
    }
    var bootstrap = bootstrap();
    try {
      return BusLog.open(bootstrap);
    } catch (IOException e) {
      throw new Failure(e.getMessage() + "; see: ./postbus logs broker");
    }
  }
}
