package dev.postbus.cli;

import dev.postbus.audit.AuditJson;
import dev.postbus.audit.ExportLog;
import dev.postbus.audit.Import;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Puts an export on an empty bus, while no service runs on it. One that was cut short goes on",
      "when it is repeated. For a local stack of its own there is: ./postbus up --from FOLDER"
    })
final class AuditImport implements AuditAction {
  @Mixin private StateOption state = new StateOption();

  @Parameters(paramLabel = "FOLDER", description = "What ./postbus audit export has made.")
  private Path folder = Path.of("");

  @Option(
      names = "--bus",
      paramLabel = "HOST:PORT",
      description = "The bus (default: that of the stack).")
  private @Nullable String bus;

  @Option(
      names = "--replication",
      paramLabel = "N",
      description = "Replication factor of the topics, which are made (default: 1).")
  private short replication = 1;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public int run() throws IOException {
    if (replication < 1) {
      throw new Failure("--replication must be 1 or more, not " + replication);
    }
    var bootstrap = bus != null ? bus : Containers.here().bus(state.ports());
    var export = whole(folder);
    var progress = new Progress(System.err, "imported");
    var all = export.manifest().records();
    var written = Import.of(export, bootstrap, replication, records -> progress.at(records, all));
    if (json) {
      System.out.println(
          AuditJson.of(new Outcome(bootstrap, written, all - written)).toPrettyString());
      return 0;
    }
    System.out.printf(
        "%d records were imported%s.%n",
        written, written == all ? "" : "; the other %d were there".formatted(all - written));
    return 0;
  }

  /**
   * What came of it.
   *
   * @param bus where the records are now
   * @param imported how many were written
   * @param there how many were there before
   */
  record Outcome(String bus, long imported, long there) {}

  /** An export that is as it was made. */
  static ExportLog whole(Path folder) throws IOException {
    var export = ExportLog.open(folder);
    var report = export.verify(List.of());
    if (!report.whole()) {
      throw new Failure(
          "%s is not whole, and nothing of it was imported. First: %s%nSee all with: ./postbus audit verify %s"
              .formatted(folder, report.findings().getFirst(), folder));
    }
    return export;
  }
}
