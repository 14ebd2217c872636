package dev.postbus.deploy.local;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** A log file a service, with one older part; each is at most 10 MB. */
final class ServiceLogs {
  private static final long LARGEST = 10_000_000;

  private final Path folder;
  private final Map<String, Log> logs = new HashMap<>();

  ServiceLogs(Path folder) {
    this.folder = folder;
  }

  private static final class Log {
    private final PrintWriter writer;
    private long size;

    Log(Path file) throws IOException {
      size = Files.exists(file) ? Files.size(file) : 0;
      writer =
          new PrintWriter(
              Files.newBufferedWriter(
                  file,
                  StandardCharsets.UTF_8,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.APPEND),
              true);
    }
  }

  synchronized void line(String service, String line) {
    try {
      var log = logs.get(service);
      if (log != null && log.size > LARGEST) {
        log.writer.close();
        var file = file(service);
        Files.move(
            file, file.resolveSibling(service + ".old.log"), StandardCopyOption.REPLACE_EXISTING);
        log = null;
      }
      if (log == null) {
        log = new Log(file(service));
        logs.put(service, log);
      }
      log.writer.println(line);
      log.size += line.length() + 1L;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the log of " + service, e);
    }
  }

  private Path file(String service) {
    return folder.resolve(service + ".log");
  }
}
