package dev.postbus.applier;

import dev.postbus.events.RelayFollower;
import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.Supervisor;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a service shows of itself.
 *
 * @param service its name
 * @param configVersion the configuration that is in force
 * @param certFingerprint the certificate that is served
 * @param processes its daemons
 * @param problem what it goes on without; null if there is nothing
 */
public record ServiceStatus(
    String service,
    @Nullable Long configVersion,
    @Nullable String certFingerprint,
    List<ProcessView> processes,
    @Nullable String problem) {

  /** One process. */
  public record ProcessView(
      String name,
      String state,
      @Nullable Long pid,
      Instant since,
      int restarts,
      @Nullable String detail) {}

  /** The status of a service that follows the bus and supervises daemons. */
  public static ServiceStatus of(String service, RelayFollower follower, Supervisor supervisor) {
    return new ServiceStatus(
        service,
        follower.appliedConfig().map(change -> change.event().version()).orElse(null),
        follower.appliedCert().map(change -> change.event().fingerprint()).orElse(null),
        supervisor.status().stream().map(ServiceStatus::view).toList(),
        null);
  }

  /** The same with a problem; null for none. */
  public ServiceStatus withProblem(@Nullable String what) {
    return new ServiceStatus(service, configVersion, certFingerprint, processes, what);
  }

  /** Whether a configuration and a certificate are in force and every daemon serves. */
  public boolean serving() {
    return configVersion != null
        && certFingerprint != null
        && processes.stream()
            .allMatch(p -> p.state().equals("ready") || p.state().equals("reloading"));
  }

  private static ProcessView view(ProcessStatus process) {
    return new ProcessView(
        process.name(),
        process.state().label(),
        process.pid(),
        process.since(),
        process.restarts(),
        process.detail());
  }
}
