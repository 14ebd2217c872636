package dev.postbus.supervision;

import java.util.List;

/** A process did not become ready, or did not take a reload; the message holds its own words. */
public final class ProcessFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Describes the failure.
   *
   * @param process the process's name
   * @param reason what went wrong
   * @param words the last lines that it wrote
   */
  public ProcessFailure(String process, String reason, List<String> words) {
    super(process + " " + reason + (words.isEmpty() ? "" : ": " + String.join(" | ", words)));
  }
}
