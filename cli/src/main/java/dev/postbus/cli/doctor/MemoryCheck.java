package dev.postbus.cli.doctor;

import dev.postbus.cli.machine.MachineMemory;
import dev.postbus.deploy.local.Shape;
import dev.postbus.doctor.Check;
import dev.postbus.doctor.ControlGroup;
import dev.postbus.doctor.Finding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory of the machine and of the control group.
 *
 * @param root of the file system
 * @param shape what the services run in
 * @param running whether they have theirs already
 */
record MemoryCheck(Path root, Shape shape, boolean running) implements Check {
  // What docs/operation.md says that a relay takes, daemons included.
  private static final long TOGETHER = 400L << 20;
  private static final long SEPARATE = 800L << 20;
  // The default of min_available_memory.
  private static final long FOR_NEW_ACCOUNTS = 200L << 20;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public List<Finding> look() {
    var memory = new MachineMemory(root);
    var group = new ControlGroup(root).memory();
    var whole = memory.whole();
    var free = Math.min(memory.free(), whole);
    var need = shape == Shape.TOGETHER ? TOGETHER : SEPARATE;
    var where = group <= whole ? "the control group" : "this machine";
    var found = new ArrayList<Finding>();
    if (whole < TOGETHER) {
      found.add(
          problem(
              "%s has %d MB, and a relay needs %d".formatted(where, whole >> 20, TOGETHER >> 20),
              group <= whole
                  ? "raise the container's memory limit"
                  : "give the machine more memory"));
    } else if (whole < need) {
      found.add(
          problem(
              "%s has %d MB, and services as separate processes need %d"
                  .formatted(where, whole >> 20, need >> 20),
              "./postbus down, then ./postbus up --shape together"));
    } else if (free < FOR_NEW_ACCOUNTS) {
      found.add(
          warning(
              "%d MB are free: below min_available_memory no account is made".formatted(free >> 20),
              "find out what takes it, for example with: ps aux --sort -rss"));
    } else if (!running && free < need) {
      found.add(
          warning(
              "%d MB are free, and a relay takes up to %d".formatted(free >> 20, need >> 20),
              "end what is not needed, or take the smaller shape: ./postbus up --shape together"));
    }
    if (found.isEmpty()) {
      found.add(ok("%s has %d MB, %d of them free".formatted(where, whole >> 20, free >> 20)));
    }
    return found;
  }
}
