package dev.postbus.cli;

import dev.postbus.bench.soak.Disturbance;
import dev.postbus.deploy.local.StackState;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A kill -9 of one process, until all of the stack is ready again.
 *
 * @param process a daemon's name, or that of a process of services
 */
record ProcessKill(StateOption state, String process) implements Disturbance {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public String name() {
    return "kill of " + process;
  }

  @Override
  public void run() throws IOException, InterruptedException {
    var rest = new Rest();
    var pid =
        pid(stack(), RelayStatus.of(stack(), rest))
            .orElseThrow(() -> new IOException(process + " does not run"));
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Thread.sleep(BETWEEN_LOOKS);
      var status = RelayStatus.of(stack(), rest);
      var now = pid(stack(), status);
      if (status.ready() && now.isPresent() && now.getAsLong() != pid) {
        return;
      }
    }
    throw new IOException("not all ready again within " + PATIENCE.toSeconds() + " s");
  }

  private StackState stack() throws IOException {
    return state.running().orElseThrow(() -> new IOException("the stack has ended"));
  }

  private OptionalLong pid(StackState stack, RelayStatus status) {
    return Stream.concat(
            stack.services().stream()
                .filter(service -> service.name().equals(process))
                .map(StackState.Service::pid),
            status.services().stream()
                .flatMap(service -> service.processes().stream())
                .filter(daemon -> daemon.name().equals(process))
                .map(RelayStatus.Daemon::pid))
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .findFirst();
  }
}
