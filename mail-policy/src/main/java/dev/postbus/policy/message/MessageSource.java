package dev.postbus.policy.message;

import java.io.IOException;
import java.io.InputStream;

/** A message that can be read more than once. */
@FunctionalInterface
public interface MessageSource {
  /** Its bytes with CRLF line ends, from the first one on. */
  InputStream open() throws IOException;
}
