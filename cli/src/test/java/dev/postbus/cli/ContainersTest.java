package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StackPorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainersTest {
  private static final StackPorts PORTS = new StackPorts(0, Shape.SEPARATE);

  @Test
  void outsideOfContainersAllIsOnLoopback() {
    var containers = new Containers(Map.of());

    assertThat(containers.host(20_000 + PORTS.mail())).isEqualTo("127.0.0.1");
    assertThat(containers.stack()).isEmpty();
    assertThat(containers.authorization()).isEmpty();
  }

  @Test
  void separateServicesAreInContainersOfTheirNames() {
    var containers = new Containers(Map.of("POSTBUS_CONTAINERS", "separate"));

    assertThat(containers.host(PORTS.mail())).isEqualTo("mail-supervisor");
    assertThat(containers.host(PORTS.web())).isEqualTo("web-service");
    assertThat(containers.bus(PORTS)).isEqualTo("broker:9092");
  }

  @Test
  void browsersOfTheConsoleMayBeLedToOneOfSeveral() {
    assertThat(new Containers(Map.of("POSTBUS_CONTAINERS", "separate")).consoleHost(PORTS))
        .isEqualTo("web-service");
    assertThat(
            new Containers(
                    Map.of("POSTBUS_CONTAINERS", "separate", "POSTBUS_CONSOLE_HOST", "balancer"))
                .consoleHost(PORTS))
        .isEqualTo("balancer");
  }

  @Test
  void theBusMayBeAClusterElsewhere() {
    var containers =
        new Containers(
            Map.of("POSTBUS_CONTAINERS", "separate", "POSTBUS_BUS", "127.0.0.1:1,127.0.0.2:1"));

    assertThat(containers.bus(PORTS)).isEqualTo("127.0.0.1:1,127.0.0.2:1");
    assertThat(containers.busAnswers(PORTS)).isFalse();
  }

  @Test
  void aBusThatIsNoPlaceIsNamed() {
    var containers =
        new Containers(Map.of("POSTBUS_CONTAINERS", "separate", "POSTBUS_BUS", "a:kafka"));

    assertThatThrownBy(() -> containers.busAnswers(PORTS)).hasMessageContaining("a:kafka");
  }

  @Test
  void togetherAllAreInThisOne() {
    var containers = new Containers(Map.of("POSTBUS_CONTAINERS", "together"));

    assertThat(containers.host(PORTS.config())).isEqualTo("127.0.0.1");
    assertThat(containers.shape()).contains(Shape.TOGETHER);
  }

  @Test
  void anotherWordIsNamed() {
    assertThatThrownBy(() -> new Containers(Map.of("POSTBUS_CONTAINERS", "apart")).shape())
        .hasMessageContaining("separate or together")
        .hasMessageContaining("apart");
  }

  @Test
  void theTokenGoesAlong(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("token"), "abc\n");

    assertThat(new Containers(Map.of("POSTBUS_TOKEN_FILE", file.toString())).authorization())
        .contains("Bearer abc");
  }
}
