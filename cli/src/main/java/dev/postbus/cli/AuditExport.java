package dev.postbus.cli;

import dev.postbus.audit.AuditJson;
import dev.postbus.audit.Export;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = {
      "Copies the whole log into a folder: events.jsonl, a record a line, and manifest.json.",
      "./postbus audit verify FOLDER accepts it anywhere, without a bus."
    })
final class AuditExport implements AuditAction {
  @Mixin private LogOption option = new LogOption();

  @Parameters(paramLabel = "FOLDER", description = "A new folder, or an empty one.")
  private Path folder = Path.of("");

  @Option(names = "--csv", description = "Write events.csv for spreadsheets, too.")
  private boolean csv;

  @Option(names = "--json", description = "Print the manifest.")
  private boolean json;

  @Override
  public int run() throws IOException {
    try (var log = option.open()) {
      var all = log.counts().values().stream().mapToLong(Long::longValue).sum();
      var progress = new Progress(System.err, "exported");
      var manifest =
          Export.of(log, folder, csv, Clock.systemUTC(), records -> progress.at(records, all));
      if (json) {
        System.out.println(AuditJson.of(manifest).toPrettyString());
      } else {
        System.out.printf(
            "%d records of %s are in %s.%nSHA-256 of events.jsonl: %s%n",
            manifest.records(), String.join(", ", manifest.domains()), folder, manifest.sha256());
      }
      if (manifest.findings() > 0) {
        System.err.printf(
            "The log was not whole: %d findings, as it is in the export. See: ./postbus audit verify %s%n",
            manifest.findings(), folder);
      }
      return 0;
    }
  }
}
