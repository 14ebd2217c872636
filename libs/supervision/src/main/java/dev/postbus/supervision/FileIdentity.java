package dev.postbus.supervision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Which file a path names. A new file may get the inode of the one that was removed just before, so
 * that its time counts too.
 *
 * @param key device and inode; null if there is no file
 * @param modified null if there is no file
 */
public record FileIdentity(@Nullable Object key, @Nullable FileTime modified) {
  private static final FileIdentity NONE = new FileIdentity(null, null);

  /** The file that a path names now; a link is a file too. */
  public static FileIdentity of(Path file) {
    try {
      var now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new FileIdentity(now.fileKey(), now.lastModifiedTime());
    } catch (IOException notThere) {
      return NONE;
    }
  }

  /** Whether another file has come since, in place of this one or of none. */
  boolean hasSuccessor(Path file) {
    var now = of(file);
    return !now.equals(NONE) && !now.equals(this);
  }
}
