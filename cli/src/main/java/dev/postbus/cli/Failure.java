package dev.postbus.cli;

/** Something did not work; the message says what and what to do next. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Failure(String message) {
    super(message);
  }
}
