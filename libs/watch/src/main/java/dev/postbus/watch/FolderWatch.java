package dev.postbus.watch;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until something happens to certain names in certain folders (inotify). It sees changes on
 * this machine's kernel, through any bind mount, but not those made by another machine on a network
 * file system.
 */
public final class FolderWatch implements AutoCloseable {
  /** For a folder in which every name matters. */
  static final Set<String> ANY = Set.of();

  private static final Logger log = LoggerFactory.getLogger(FolderWatch.class);

  private final @Nullable WatchService service;
  private final CountDownLatch closing = new CountDownLatch(1);
  private Map<Path, WatchKey> keys = new HashMap<>();
  private Map<WatchKey, Set<String>> names = new HashMap<>();

  private FolderWatch(@Nullable WatchService service) {
    this.service = service;
  }

  /**
   * What came of following folders.
   *
   * @param complete whether all of them are watched; one that may not be read, or is gone, is not
   * @param changed whether they are others than before
   */
  public record Following(boolean complete, boolean changed) {}

  /** A watch; where the kernel gives none, one that only waits. */
  public static FolderWatch open() {
    try {
      return new FolderWatch(FileSystems.getDefault().newWatchService());
    } catch (IOException e) {
      log.warn(
          "the kernel has no inotify instance left, so files are looked at every few"
              + " seconds; raise it with: sysctl fs.inotify.max_user_instances=8192");
      return new FolderWatch(null);
    }
  }

  /**
   * Watches these folders instead of those before.
   *
   * @param folders each with the names that matter in it
   */
  public Following follow(Map<Path, Set<String>> folders) {
    var nextKeys = new HashMap<Path, WatchKey>();
    var nextNames = new HashMap<WatchKey, Set<String>>();
    for (var folder : folders.entrySet()) {
      var key = register(folder.getKey());
      if (key != null) {
        nextKeys.put(folder.getKey(), key);
        nextNames.computeIfAbsent(key, k -> new HashSet<>()).addAll(folder.getValue());
      }
    }
    for (var old : keys.values()) {
      if (!nextNames.containsKey(old)) {
        old.cancel();
      }
    }
    var following = new Following(nextKeys.size() == folders.size(), !nextNames.equals(names));
    keys = nextKeys;
    names = nextNames;
    return following;
  }

  /**
   * Registers again each time: a folder that was replaced gets a key of its own, one that was not
   * keeps the one that it has.
   */
  private @Nullable WatchKey register(Path folder) {
    if (service == null) {
      return null;
    }
    try {
      return folder.register(
          service,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_DELETE,
          StandardWatchEventKinds.ENTRY_MODIFY);
    } catch (IOException | ClosedWatchServiceException unwatched) {
      return null;
    }
  }

  /**
   * Waits for a change.
   *
   * @return whether there was one; false after the time given, or when this was closed
   */
  public boolean await(Duration atMost) throws InterruptedException {
    if (service == null) {
      closing.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
      return false;
    }
    var end = System.nanoTime() + atMost.toNanos();
    try {
      for (var left = atMost.toNanos(); left > 0; left = end - System.nanoTime()) {
        var key = service.poll(left, TimeUnit.NANOSECONDS);
        if (key != null && matters(key)) {
          return true;
        }
      }
    } catch (ClosedWatchServiceException closed) {
      return false;
    }
    return false;
  }

  private boolean matters(WatchKey key) {
    var wanted = names.get(key);
    var matters = false;
    for (var event : key.pollEvents()) {
      matters |=
          event.context() == null
              || (wanted != null
                  && (wanted.isEmpty() || wanted.contains(event.context().toString())));
    }
    // A folder that has gone names nothing.
    return (!key.reset() && wanted != null) || matters;
  }

  /** Stops; whoever waits returns. */
  @Override
  public void close() {
    closing.countDown();
    if (service != null) {
      try {
        service.close();
      } catch (IOException e) {
        log.warn("cannot stop watching files: {}", e.getMessage());
      }
    }
  }
}
