package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Settings for a mail-policy beside that of a stack: those of the stack, whatever they are, but
 * with a folder and ports of its own, and no limit to what a sender may send.
 *
 * @param from the stack's folder, which every path in its settings begins with
 * @param to the folder that stands in its place
 * @param ports its own
 */
record LonePolicySettings(Path from, Path to, Ports ports) {
  // A minute has 60e9 nanoseconds, and the interval between two messages must be one at least.
  private static final int NO_LIMIT = 1_000_000_000;

  /**
   * Ports of loopback.
   *
   * @param outgoing of the filter of outgoing mail
   * @param incoming of the other one
   * @param control of health and reload
   * @param next where both filters hand on to
   */
  record Ports(int outgoing, int incoming, int control, int next) {}

  /** The stack's settings file made over. */
  byte[] of(byte[] settings) throws IOException {
    var all = Rest.JSON.readTree(settings);
    if (!(all instanceof ObjectNode own)) {
      throw new IOException("mail-policy's settings are not a JSON object");
    }
    move(own);
    own.withObject("limits").put("sendPerMinute", NO_LIMIT).put("sendBurst", NO_LIMIT);
    own.withObject("outgoing").put("listen", ports.outgoing()).put("reinject", ports.next());
    own.withObject("incoming").put("listen", ports.incoming()).put("reinject", ports.next());
    own.withObject("metrics").put("address", "").put("dovecotPort", 0).put("supervisorPort", 0);
    own.put("controlPort", ports.control());
    return Rest.JSON.writeValueAsBytes(own);
  }

  private void move(ObjectNode node) {
    for (var field : node.properties()) {
      if (field.getValue() instanceof ObjectNode inner) {
        move(inner);
      } else if (isPath(field.getValue())) {
        var moved = to.resolve(from.relativize(Path.of(field.getValue().asText())));
        field.setValue(TextNode.valueOf(moved.toString()));
      }
    }
  }

  private boolean isPath(JsonNode value) {
    return value.isTextual()
        && value.asText().startsWith("/")
        && Path.of(value.asText()).startsWith(from);
  }
}
