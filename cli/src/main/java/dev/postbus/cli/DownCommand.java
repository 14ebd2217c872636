package dev.postbus.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "down", description = "Ends the stack; what it holds stays.")
final class DownCommand implements Callable<Integer> {
  @Mixin private StateOption state = new StateOption();

  @Override
  public Integer call() {
    Containers.refuse("end them with docker compose down");
    var running = state.running();
    if (running.isEmpty()) {
      System.out.println("No stack runs on " + state.folder() + ".");
      return 0;
    }
    new StackControl(state.folder()).stop(running.get());
    System.out.println("Stopped.");
    return 0;
  }
}
