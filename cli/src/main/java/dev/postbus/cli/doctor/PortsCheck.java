package dev.postbus.cli.doctor;

import dev.postbus.cli.machine.PortHolders;
import dev.postbus.cli.machine.PortHolders.Holder;
import dev.postbus.doctor.Check;
import dev.postbus.doctor.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the relay can have its ports, or has them.
 *
 * @param ports by what they are for
 * @param stack process above all others of the running stack
 */
record PortsCheck(Map<String, Integer> ports, Optional<Long> stack) implements Check {
  private static final String NEXT =
      "end that process, or choose other ports: ./postbus up --port-offset N";

  @Override
  public String name() {
    return "ports";
  }

  @Override
  public List<Finding> look() {
    var found = new ArrayList<Finding>();
    var own = 0;
    for (var port : ports.entrySet()) {
      if (PortHolders.free(port.getValue())) {
        continue;
      }
      var holder = PortHolders.holder(port.getValue());
      if (holder.isPresent() && isOwn(holder.get())) {
        own++;
      } else if (holder.isEmpty() && stack.isPresent()) {
        found.add(
            warning(
                "port %d (%s) is taken by a process that cannot be seen"
                    .formatted(port.getValue(), port.getKey()),
                "run this as root to see whether it is the relay's"));
      } else {
        found.add(
            problem(
                "port %d (%s) is taken by %s"
                    .formatted(port.getValue(), port.getKey(), PortHolders.named(holder)),
                NEXT));
      }
    }
    if (found.isEmpty()) {
      found.add(
          ok(
              own == 0
                  ? "all %d ports are free".formatted(ports.size())
                  : "the relay holds %d of its %d ports".formatted(own, ports.size())));
    }
    return found;
  }

  private boolean isOwn(Holder holder) {
    for (var process = ProcessHandle.of(holder.pid());
        process.isPresent();
        process = process.get().parent()) {
      if (stack.equals(process.map(ProcessHandle::pid))) {
        return true;
      }
    }
    return false;
  }
}
