package dev.postbus.cli.doctor;

import dev.postbus.doctor.Check;
import dev.postbus.doctor.Finding;
import java.nio.file.Path;
import java.util.List;

/**
 * The JDK that the services run on.
 *
 * @param version of this one
 * @param home its folder
 */
record JavaCheck(Runtime.Version version, Path home) implements Check {
  private static final int FEATURE = 25;

  @Override
  public String name() {
    return "java";
  }

  @Override
  public List<Finding> look() {
    return List.of(
        version.feature() == FEATURE
            ? ok("JDK " + version + " in " + home)
            : problem(
                "JDK %s in %s, but Postbus needs %d".formatted(version, home, FEATURE),
                "install a JDK %d, or point JAVA_HOME to one".formatted(FEATURE)));
  }
}
