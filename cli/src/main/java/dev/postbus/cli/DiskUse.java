package dev.postbus.cli;

import dev.postbus.bench.measure.Sampler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks that the state folder takes on the disk, by its folders. By du(1): Java does not tell
 * blocks, and the broker's index files are sparse.
 *
 * @param state the folder
 */
record DiskUse(Path state) implements Sampler {
  @Override
  public List<Reading> read() throws IOException {
    var process =
        new ProcessBuilder("du", "-k", "--max-depth=1", "--", state.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines();
    var readings = new ArrayList<Reading>();
    lines.forEach(
        line -> {
          var parts = line.split("\t", 2);
          var folder = Path.of(parts[1]);
          var name = folder.equals(state) ? Reading.SUM : String.valueOf(folder.getFileName());
          readings.add(new Reading("disk", name, "MB", Long.parseLong(parts[0]) / 1024.0));
        });
    return readings;
  }
}
