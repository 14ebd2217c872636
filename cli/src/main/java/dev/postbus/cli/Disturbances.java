package dev.postbus.cli;

import dev.postbus.bench.soak.Disturbance;
import dev.postbus.deploy.local.StackState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** What a long run does to a stack, besides mail. */
final class Disturbances {
  private Disturbances() {}

  /** A change of the configuration and a new certificate, in turns. */
  static List<Disturbance> changes(StateOption state) {
    var changes = Changes.of(state.ports());
    return List.of(
        new Disturbance() {
          @Override
          public String name() {
            return "config set";
          }

          @Override
          public void run() throws IOException {
            changes.setSize();
          }

          @Override
          public void close() throws IOException {
            changes.close();
          }
        },
        new Disturbance() {
          @Override
          public String name() {
            return "cert renew";
          }

          @Override
          public void run() throws IOException {
            changes.renew();
          }
        });
  }

  /** A kill of each daemon, and of each process of services. */
  static List<Disturbance> kills(StateOption state) {
    state.ports();
    var stack = state.running().orElseThrow();
    var names = new LinkedHashSet<String>();
    for (var service : RelayStatus.of(stack, new Rest()).services()) {
      service.processes().forEach(daemon -> names.add(daemon.name()));
    }
    stack.services().stream().map(StackState.Service::name).forEach(names::add);
    var kills = new ArrayList<Disturbance>();
    for (var name : names) {
      kills.add(new ProcessKill(state, name));
    }
    return kills;
  }
}
