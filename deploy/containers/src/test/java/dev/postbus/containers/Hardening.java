package dev.postbus.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;

/** What a container must not be able to do, by the engine's own description of it. */
final class Hardening {
  private Hardening() {}

  /**
   * Checks it.
   *
   * @param capabilities all that it may have, see docs/operation.md
   */
  static void check(JsonNode container, Set<String> capabilities) {
    var host = container.path("HostConfig");
    assertThat(host.path("Privileged").asBoolean()).isFalse();
    assertThat(host.path("NetworkMode").asText()).isNotEqualTo("host");
    assertThat(host.path("PidMode").asText()).isEmpty();
    assertThat(host.path("IpcMode").asText()).isNotEqualTo("host");
    assertThat(host.path("ReadonlyRootfs").asBoolean()).isTrue();
    assertThat(texts(host.path("CapDrop"))).containsExactly("ALL");
    assertThat(texts(host.path("CapAdd"))).isEqualTo(capabilities);
    assertThat(texts(host.path("SecurityOpt"))).containsExactly("no-new-privileges:true");
    assertThat(host.path("Devices").isEmpty()).isTrue();
    assertThat(host.path("Memory").asLong()).isPositive();
    assertThat(host.at("/RestartPolicy/Name").asText()).isEqualTo("unless-stopped");
    for (var mount : container.path("Mounts")) {
      assertThat(mount.path("Type").asText()).isEqualTo("volume");
      assertThat(mount.path("Source").asText()).doesNotContain("docker.sock");
    }
  }

  private static Set<String> texts(JsonNode array) {
    var found = new HashSet<String>();
    array.forEach(one -> found.add(one.asText().replace("CAP_", "")));
    return found;
  }
}
