package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartVariablesTest {
  private final ArrayList<String> said = new ArrayList<>();

  @Test
  void whatHasNoEffectAnyMoreIsSaidOnce() {
    StartVariables.tell(
        Map.of("RECREATE_VENV", "True", "CHANGE_KERNEL_SETTINGS", "false"), said::add);

    assertThat(said)
        .containsExactly(
            "RECREATE_VENV is accepted and has no effect: there is nothing to recreate any more");
  }

  @Test
  void anythingButATruthIsNamedAndTakenAsFalse() {
    assertThat(StartVariables.rewriteIni(Map.of("FORCE_REINIT_INI_FILE", "1"), said::add)).isTrue();
    assertThat(StartVariables.rewriteIni(Map.of(), said::add)).isFalse();
    assertThat(said).isEmpty();

    assertThat(StartVariables.rewriteIni(Map.of("FORCE_REINIT_INI_FILE", "please"), said::add))
        .isFalse();
    assertThat(said)
        .containsExactly(
            "FORCE_REINIT_INI_FILE must be true or false, not 'please': taken as false");
  }
}
