package dev.postbus.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one file, or all files of some folders, from its start until it is closed: written in
 * place, replaced, removed, or reached by other links. They are looked at when inotify tells of
 * something, and in any case from time to time, as changes behind some mounts are not told.
 */
public final class FileWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

  /** Where not all folders can be watched, looking must do. */
  private static final Duration UNWATCHED_POLL = Duration.ofSeconds(2);

  private final Watched watched;
  private final Duration quiet;
  private final Duration poll;
  private final Runnable changed;
  private final FolderWatch folders = FolderWatch.open();
  private final Thread thread;
  private volatile boolean closed;

  private FileWatch(
      Watched watched, @Nullable Object told, Duration quiet, Duration poll, Runnable changed) {
    this.watched = watched;
    this.quiet = quiet;
    this.poll = poll;
    this.changed = changed;
    this.thread = Thread.ofPlatform().name("file-watch").daemon().unstarted(() -> run(told));
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
    return started(new FileWatch(new WatchedFile(file), null, quiet, poll, changed));
  }

  /**
   * Starts for all files in some folders and those below.
   *
   * @param folders which, asked anew at each look; they need not be there
   * @param quiet as for a file
   * @param poll as for a file
   * @param changed called on a thread of its own, once after each change
   */
  public static FileWatch startForFolders(
      Supplier<List<Path>> folders, Duration quiet, Duration poll, Runnable changed) {
    var watched = new WatchedFolders(folders);
    return started(new FileWatch(watched, watched.state(), quiet, poll, changed));
  }

  private static FileWatch started(FileWatch watch) {
    watch.thread.start();
    return watch;
  }

  private void run(@Nullable Object before) {
    var told = before;
    while (!closed) {
      try {
        // Folders first: what changes after they are watched is told.
        var complete = follow();
        var now = watched.state();
        if (now.equals(told)) {
          folders.await(complete || poll.compareTo(UNWATCHED_POLL) < 0 ? poll : UNWATCHED_POLL);
        } else if (!folders.await(quiet) && !closed && watched.state().equals(now)) {
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
      following = folders.follow(watched.folders());
    } while (following.changed() && !closed);
    return following.complete();
  }

  private void tell() {
    try {
      changed.run();
    } catch (RuntimeException e) {
      log.error("taking up {} failed", watched, e);
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
