package dev.postbus.cert.acme;

import dev.postbus.supervision.Commands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.Name;

/**
 * Changes a zone by a program of the operator's: {@code PROGRAM add|remove NAME VALUE}, see {@code
 * docs/operation.md}.
 *
 * @param program an executable file
 */
record DnsHook(Path program) implements DnsEditor {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Override
  public void add(Name record, String value) throws AcmeFailure {
    run("add", record, value);
  }

  @Override
  public void remove(Name record, String value) throws AcmeFailure {
    run("remove", record, value);
  }

  private void run(String what, Name record, String value) throws AcmeFailure {
    var result =
        Commands.run(List.of(program.toString(), what, record.toString(true), value), PATIENCE);
    if (!result.succeeded()) {
      throw new AcmeFailure(
          FailureKind.CHALLENGE_SETUP,
          "%s %s %s ended with %d: %s"
              .formatted(
                  program,
                  what,
                  record.toString(true),
                  result.exitCode(),
                  result.problem().orElse("")),
          null);
    }
  }
}
