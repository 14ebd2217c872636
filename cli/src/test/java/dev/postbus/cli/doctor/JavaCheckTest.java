package dev.postbus.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.doctor.Finding.Level;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JavaCheckTest {
  private static final Path HOME = Path.of("/usr/lib/jvm/some");

  @Test
  void thisOneWillDo() {
    var found = Found.only(Level.OK, new JavaCheck(Runtime.version(), HOME).look());

    assertThat(found.message()).contains("JDK 25", HOME.toString());
  }

  @Test
  void anotherOneIsNamed() {
    var old = Runtime.Version.parse("21.0.4+7");

    var found = Found.only(Level.PROBLEM, new JavaCheck(old, HOME).look());

    assertThat(found.message()).contains("JDK 21.0.4", "needs 25");
    assertThat(found.next()).contains("JAVA_HOME");
  }
}
