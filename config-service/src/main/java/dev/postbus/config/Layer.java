package dev.postbus.config;

import com.fasterxml.jackson.annotation.JsonProperty;

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
}
