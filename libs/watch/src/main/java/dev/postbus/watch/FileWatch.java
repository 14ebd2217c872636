package dev.postbus.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one file, from its start until it is closed: written in place, replaced, removed, or
 * reached by other links. It is looked at when inotify tells of something, and in any case from
 * time to time, as changes behind some mounts are not told.
 */
public final class FileWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

  /** Where not all folders can be watched, looking must do. */
  private static final Duration UNWATCHED_POLL = Duration.ofSeconds(2);

  private static final Map<String, Object> MISSING = Map.of();

  private final Path file;
  private final Duration quiet;
  private final Duration poll;
  private final Runnable changed;
  private final FolderWatch folders = FolderWatch.open();
  private final Thread thread;
  private volatile boolean closed;

  private FileWatch(Path file, Duration quiet, Duration poll, Runnable changed) {
    this.file = file;
    this.quiet = quiet;
    this.poll = poll;
    this.changed = changed;
    this.thread = Thread.ofPlatform().name("file-watch").daemon().unstarted(this::run);
  }

  /**
   * Starts.
   *
   * @param quiet how long nothing must happen before a change counts as done: who writes a file in
   *     place leaves halves of it for a moment
   * @param poll how often to look without having been told
   * @param changed called on a thread of its own, once at the start and after each change
   */
  public static FileWatch start(Path file, Duration quiet, Duration poll, Runnable changed) {
    var watch = new FileWatch(file, quiet, poll, changed);
    watch.thread.start();
    return watch;
  }

  private void run() {
    Map<String, Object> told = null;
    while (!closed) {
      try {
        // Folders first: what changes after they are watched is told.
        var complete = follow();
        var now = state();
        if (now.equals(told)) {
          folders.await(complete || poll.compareTo(UNWATCHED_POLL) < 0 ? poll : UNWATCHED_POLL);
        } else if (!folders.await(quiet) && !closed && state().equals(now)) {
          told = now;
          tell();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean follow() {
    FolderWatch.Following following;
    do {
      var trail = new Trail();
      trail.add(file);
      following = folders.follow(trail.steps());
    } while (following.changed() && !closed);
    return following.complete();
  }

  private Map<String, Object> state() {
    try {
      return Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime");
    } catch (IOException gone) {
      return MISSING;
    }
  }

  private void tell() {
    try {
      changed.run();
    } catch (RuntimeException e) {
      log.error("taking up {} failed", file, e);
    }
  }

  /** Stops; nothing is called any more afterwards. */
  @Override
  public void close() {
    // Not by an interrupt: it would cut off what is being written because of a change.
    closed = true;
    folders.close();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
