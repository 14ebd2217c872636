package dev.postbus.cli;

import dev.postbus.audit.AuditJson;
import dev.postbus.audit.ChainReport;
import dev.postbus.audit.ExportLog;
import dev.postbus.audit.ExportManifest;
import dev.postbus.audit.Verification;
import dev.postbus.audit.VerificationReport;
import dev.postbus.events.CheckpointSignature;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Whether the log is whole: sequences, digests and the signatures of checkpoints.",
      "Names the first record that is not as it was written. Exit code 1 if there is one."
    },
    footer = {
      "",
      "  ./postbus audit verify",
      "  ./postbus audit verify /srv/export                an export, without a bus",
      "  ./postbus audit verify --against /srv/export      whether all of the export is still there"
    })
final class AuditVerify implements AuditAction {
  private static final int SHOWN = 10;
  private static final int KEY_LETTERS = 16;

  @Mixin private LogOption option = new LogOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      description = "An export, which is verified instead of the bus.")
  private @Nullable Path folder;

  @Option(
      names = "--against",
      paramLabel = "FOLDER",
      description = "An earlier export, kept elsewhere, all of which must still be in the log.")
  private @Nullable Path against;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public int run() throws IOException {
    var before = against == null ? List.<ChainReport>of() : ExportManifest.of(against).chains();
    var report = folder == null ? ofBus(before) : ExportLog.open(folder).verify(before);
    if (json) {
      var object = (com.fasterxml.jackson.databind.node.ObjectNode) AuditJson.of(report);
      object.put("whole", report.whole());
      System.out.println(object.toPrettyString());
    } else {
      print(report);
    }
    return report.whole() ? 0 : 1;
  }

  private VerificationReport ofBus(List<ChainReport> before) throws IOException {
    try (var log = option.open()) {
      return log instanceof ExportLog export
          ? export.verify(before)
          : Verification.of(new Progress(System.err, "verified").of(log), before);
    }
  }

  private static void print(VerificationReport report) {
    if (report.whole()) {
      System.out.printf(
          "Whole%s: %d records; no checkpoint vouches yet for the newest %d of them.%n",
          since(report),
          report.records(),
          report.chains().stream()
              .filter(AuditVerify::isSigned)
              .mapToLong(chain -> Math.min(chain.records(), chain.last() - chain.signedTo()))
              .sum());
    } else {
      System.out.printf(
          "NOT whole: %d of %d records or places are not as they were written.%n",
          report.findingCount(), report.records());
      System.out.println("First: " + report.findings().getFirst());
      report.findings().stream()
          .skip(1)
          .limit(SHOWN - 1L)
          .forEach(finding -> System.out.println("       " + finding));
      if (report.findingCount() > SHOWN) {
        System.out.printf(
            "       and %d more; --json shows %d%n",
            report.findingCount() - SHOWN, VerificationReport.MOST_FINDINGS);
      }
      System.out.println(
          "Keep the log as it is, and compare: ./postbus audit verify --against EXPORT; see"
              + " docs/operation.md, \"Audit\".");
    }
    System.out.printf(
        "%n%-42s %-15s %9s %9s  %s%n", "WRITER", "TOPIC", "RECORDS", "SIGNED TO", "KEY");
    for (var chain : report.chains()) {
      System.out.printf(
          "%-42s %-15s %9d %9s  %s%n",
          chain.source().replaceFirst("^urn:postbus:", ""),
          chain.topic(),
          chain.records(),
          isSigned(chain) && chain.signedTo() > 0 ? Long.toString(chain.signedTo()) : "-",
          key(chain.publicKey()));
    }
    if (!report.whole() && report.since() != null) {
      System.out.printf(
          "Note: retention has removed %d records, until %s%n", report.removed(), report.since());
    }
    report.notes().forEach(note -> System.out.println("Note: " + note));
    unsigned(report)
        .forEach(
            chain ->
                System.out.printf(
                    "Note: no checkpoint vouches for %s on %s (%d records)%n",
                    chain.source(), chain.topic(), chain.records()));
  }

  private static String since(VerificationReport report) {
    return report.since() == null
        ? ""
        : " since %s; before it %d records were removed by retention"
            .formatted(report.since(), report.removed());
  }

  private static List<ChainReport> unsigned(VerificationReport report) {
    return report.chains().stream()
        .filter(chain -> chain.signedTo() == 0 && isSigned(chain))
        .toList();
  }

  /** Checkpoints vouch for themselves. */
  private static boolean isSigned(ChainReport chain) {
    return !chain.topic().equals(Topic.CHECKPOINT.kafkaName());
  }

  private static String key(@Nullable String publicKey) {
    return publicKey == null
        ? "-"
        : CheckpointSignature.fingerprint(publicKey).substring(0, KEY_LETTERS);
  }
}
