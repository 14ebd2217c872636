package dev.postbus.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShapeTest {
  @TempDir Path programs;

  @Test
  void aMachineOfOneGigabyteRunsTheServicesTogether() {
    assertThat(Shape.fitting(1L << 30)).isEqualTo(Shape.TOGETHER);
    assertThat(Shape.fitting(2L << 30)).isEqualTo(Shape.SEPARATE);
  }

  @Test
  void everyServiceRunsInSomeProcessOfItsShape() throws Exception {
    for (var program : List.of("broker", "mail-policy")) {
      java.nio.file.Files.createDirectory(programs.resolve(program));
    }
    for (var shape : Shape.values()) {
      var settings = new StackSettings("relay.example", 10_000, shape);

      var processes =
          shape.processes(Path.of("/state"), new JavaCommand(programs, null), settings, Map.of());

      assertThat(processes)
          .extracting(process -> process.name())
          .containsExactlyInAnyOrderElementsOf(
              Shape.SERVICES.stream().map(shape::processOf).distinct().toList());
    }
  }

  @Test
  void togetherHasOneInterfaceAndSeparateOneEach() {
    var together = new StackPorts(0, Shape.TOGETHER);
    var separate = new StackPorts(0, Shape.SEPARATE);

    assertThat(List.of(together.config(), together.cert(), together.mail(), together.web()))
        .containsOnly(9101);
    assertThat(List.of(separate.config(), separate.cert(), separate.mail(), separate.web()))
        .containsExactly(9101, 9102, 9103, 9104);
  }
}
