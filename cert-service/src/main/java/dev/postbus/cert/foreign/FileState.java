package dev.postbus.cert.foreign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What tells cheaply whether a file is another one than before, or has been written to.
 *
 * @param real where it is, without links
 * @param attributes device, inode, size and times
 */
record FileState(Path real, Map<String, Object> attributes) {
  static FileState of(Path file) throws IOException {
    var real = file.toRealPath();
    return new FileState(
        real,
        Files.readAttributes(
            real, "unix:dev,ino,mode,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS));
  }

  long size() {
    return attributes.get("size") instanceof Long size ? size : 0;
  }

  /** When it was written, renamed or linked last. */
  long changedMillis() {
    return attributes.get("ctime") instanceof FileTime time ? time.toMillis() : 0;
  }
}
