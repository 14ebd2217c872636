package dev.postbus.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.Callable;

/** A command about the log, whose errors are told in the words of whoever met them. */
interface AuditAction extends Callable<Integer> {
  /** Does it; the exit code. */
  int run() throws IOException;

  @Override
  default Integer call() {
    try {
      return run();
    } catch (FileSystemException e) {
      var reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      throw new Failure("cannot use %s: %s".formatted(e.getFile(), reason));
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
  }
}
