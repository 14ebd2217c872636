package dev.postbus.cli;

import dev.postbus.deploy.local.JavaCommand;
import dev.postbus.deploy.local.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the caches of classes of the images' programs when they are built, from a run with the real
 * daemons: {@code ImageTraining PROGRAMS}. Fails where a cache is missing: an image without would
 * work, and nobody would notice why it is slow.
 */
final class ImageTraining {
  private ImageTraining() {}

  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("usage: ImageTraining PROGRAMS");
      System.exit(2);
      return;
    }
    try {
      var missing = train(Path.of(args[0]));
      if (missing.isEmpty()) {
        return;
      }
      System.err.println("postbus: no cache of classes was made for " + missing);
    } catch (IOException | RuntimeException e) {
      System.err.println("postbus: the training for caches of classes failed: " + e.getMessage());
    }
    System.exit(1);
  }

  /** Puts each program's cache into its folder; the programs that made none. */
  private static List<String> train(Path programs) throws IOException {
    var missing = new ArrayList<>(Shape.SERVICES);
    missing.add(Training.OWN);
    Training.train(
        Shape.SEPARATE,
        state -> programs,
        (program, cache) -> {
          if (missing.remove(program)) {
            Files.copy(
                cache,
                programs.resolve(program).resolve(JavaCommand.CACHE),
                StandardCopyOption.REPLACE_EXISTING);
          }
        });
    return missing;
  }
}
