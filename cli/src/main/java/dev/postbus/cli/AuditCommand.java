package dev.postbus.cli;

import picocli.CommandLine.Command;

@Command(
    name = "audit",
    description =
        "Looks at the record of all that happened: whether it is whole, and what was then.",
    footer = {
      "",
      "  ./postbus audit verify                       whether the log is as it was written",
      "  ./postbus audit replay --at 2h               what the relay was like two hours ago",
      "  ./postbus audit diff 1d now                  what changed since yesterday",
      "  ./postbus audit export /srv/postbus-audit    a copy that can be verified anywhere",
      "  ./postbus audit prune --keep 90d --dry-run   what would go if only 90 days were kept"
    },
    subcommands = {
      AuditVerify.class,
      AuditReplay.class,
      AuditDiff.class,
      AuditExport.class,
      AuditImport.class,
      AuditPrune.class
    })
final class AuditCommand {
  private AuditCommand() {}
}
