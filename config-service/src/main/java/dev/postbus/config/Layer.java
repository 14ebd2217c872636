package dev.postbus.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;

/** Where a value comes from; later ones hide earlier ones. */
enum Layer {
  @JsonProperty("default")
  DEFAULT("default"),
  @JsonProperty("ini")
  INI("ini"),
  @JsonProperty("environment")
  ENVIRONMENT("environment"),
  @JsonProperty("operator")
  OPERATOR("operator");

  private final String label;

  Layer(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /**
   * The layer of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Layer named(String label) {
    return Arrays.stream(values())
        .filter(layer -> layer.label.equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no layer " + label));
  }
}
