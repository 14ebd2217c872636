package dev.postbus.policy.admin;

import java.util.List;

/**
 * What a request is answered.
 *
 * @param status HTTP's
 * @param body written as JSON
 */
record Reply(int status, Object body) {

  /** One thing that is wrong, in words. */
  record Problem(String message) {}

  /** All that is wrong. */
  record Problems(List<Problem> problems) {}

  static Reply ok(Object body) {
    return new Reply(200, body);
  }

  static Reply problem(int status, String message) {
    return new Reply(status, new Problems(List.of(new Problem(message))));
  }
}
