package dev.postbus.audit;

import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayActivity.CertApplied;
import dev.postbus.events.RelayActivity.CertRejected;
import dev.postbus.events.RelayActivity.ConfigApplied;
import dev.postbus.events.RelayActivity.ConfigRejected;
import dev.postbus.events.RelayActivity.ProcessExited;
import dev.postbus.events.RelayActivity.ProcessGaveUp;
import dev.postbus.events.RelayActivity.ProcessReady;
import dev.postbus.events.RelayActivity.ProcessReloaded;
import dev.postbus.events.RelayActivity.ProcessStarted;
import dev.postbus.events.RelayState;
import dev.postbus.events.RelayState.AppliedVersion;
import dev.postbus.events.RelayState.ProcessState;
import dev.postbus.events.RelayState.Refused;
import dev.postbus.events.RelayState.Served;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One writer's part of the state. */
final class ServiceReplay {
  private final SortedMap<String, Served> certificates = new TreeMap<>();
  private final SortedMap<String, ProcessState> processes = new TreeMap<>();
  private @Nullable AppliedVersion configuration;
  private @Nullable Refused refused;

  /** One that nothing is known of. */
  ServiceReplay() {}

  /** One that goes on from a state. */
  ServiceReplay(RelayState.Service before) {
    certificates.putAll(before.certificates());
    processes.putAll(before.processes());
    configuration = before.configuration();
    refused = before.refused();
  }

  RelayState.Service state() {
    return new RelayState.Service(configuration, certificates, refused, processes);
  }

  void apply(Instant time, RelayActivity activity) {
    switch (activity) {
      case ConfigApplied e -> {
        configuration = new AppliedVersion(e.version(), time);
        forgive("version ");
      }
      case ConfigRejected e -> {
        refused = new Refused("version " + e.version(), e.daemon() + ": " + e.reason(), time);
        var restored = e.restoredVersion();
        if (restored != null && (configuration == null || configuration.version() != restored)) {
          configuration = new AppliedVersion(restored, time);
        }
      }
      case CertApplied e -> {
        certificates.put(
            e.listener() + ":" + e.port(), new Served(e.generation(), e.fingerprint(), time));
        forgive("generation ");
      }
      case CertRejected e ->
          refused = new Refused("generation " + e.generation(), e.reason(), time);
      case ProcessStarted e ->
          processes.put(
              e.process(), new ProcessState("starting", e.pid(), e.restarts(), time, null));
      case ProcessReady e -> ready(e.process(), e.pid(), time);
      case ProcessReloaded e -> ready(e.process(), e.pid(), time);
      case ProcessExited e ->
          processes.put(
              e.process(),
              new ProcessState(
                  e.expected() ? "stopped" : "ended",
                  null,
                  restarts(e.process()),
                  time,
                  e.reason()));
      case ProcessGaveUp e ->
          processes.put(
              e.process(), new ProcessState("gave up", null, e.restarts(), time, e.reason()));
      case RelayActivity.CertIssueFailed ignored -> {}
      case RelayActivity.CertExpiring ignored -> {}
      case RelayActivity.CertOrderBegun ignored -> {}
      case RelayActivity.AcmeAccountRegistered ignored -> {}
      case RelayActivity.DkimKeyChanged ignored -> {}
    }
  }

  private void forgive(String kind) {
    if (refused != null && refused.what().startsWith(kind)) {
      refused = null;
    }
  }

  private void ready(String process, long pid, Instant time) {
    var before = processes.get(process);
    // A reload leaves a process what it was, and since when.
    if (before == null
        || !before.state().equals("ready")
        || !Long.valueOf(pid).equals(before.pid())) {
      processes.put(process, new ProcessState("ready", pid, restarts(process), time, null));
    }
  }

  private int restarts(String process) {
    var before = processes.get(process);
    return before == null ? 0 : before.restarts();
  }
}
