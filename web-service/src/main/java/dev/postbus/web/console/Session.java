package dev.postbus.web.console;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who has logged in.
 *
 * @param id what the browser's cookie holds
 * @param formToken what each of this session's forms holds
 * @param begun when it began
 * @param notice what the next page is to say of what was done
 */
record Session(
    String id, String formToken, Instant begun, AtomicReference<@Nullable Notice> notice) {
  Session(String id, String formToken, Instant begun) {
    this(id, formToken, begun, new AtomicReference<>());
  }

  /** Whether a form is one of this session's. */
  boolean owns(@Nullable String token) {
    return token != null
        && MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8), formToken.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "a session since " + begun;
  }
}
