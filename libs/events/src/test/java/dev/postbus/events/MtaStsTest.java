package dev.postbus.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MtaStsTest {
  @Test
  void thePolicyAsksForTls() {
    assertThat(new MtaSts("relay.test").policy())
        .isEqualTo("version: STSv1\r\nmode: enforce\r\nmx: relay.test\r\nmax_age: 2419200\r\n");
  }

  @Test
  void anotherPolicyHasAnotherId() {
    var id = new MtaSts("relay.test").id();

    assertThat(id).matches("postbus[a-z0-9]{16}").isEqualTo(new MtaSts("relay.test").id());
    assertThat(new MtaSts("other.test").id()).isNotEqualTo(id);
  }
}
