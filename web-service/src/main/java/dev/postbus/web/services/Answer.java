package dev.postbus.web.services;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a service answered.
 *
 * @param status HTTP's, below 500
 * @param text its body
 */
public record Answer(int status, String text) {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Whether it did what it was asked for. */
  public boolean good() {
    return status < 300;
  }

  /** Its JSON; a node that is missing if it is none. */
  public JsonNode json() {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /** Why it was refused. */
  public List<String> problems() {
    var problems = new ArrayList<String>();
    json().path("problems").forEach(one -> problems.add(one.path("message").asText()));
    return problems.isEmpty() && !good() ? List.of("status " + status) : problems;
  }
}
