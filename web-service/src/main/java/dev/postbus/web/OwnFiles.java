package dev.postbus.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files that an operator has laid down for the pages, as they are at one moment, by their names
 * below the folder. Hidden ones do not count. Links may lead to other places in the folder alone:
 * what else this process can read is not for the public.
 */
final class OwnFiles {
  static final long MOST_BYTES = 4L << 20;
  private static final int MOST_FILES = 1000;
  private static final int DEEPEST = 8;
  private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9._-]*";

  private final SortedMap<String, Path> files = new TreeMap<>();

  /** Whose files they may be. */
  enum Readers {
    /** Whoever can name the folder can read it anyway. */
    ANY,

    /**
     * The folder is named by somebody who need not be allowed to read all that this process can, so
     * only what everybody can read is shown to everybody.
     */
    EVERYBODY;

    boolean may(Path path, PosixFilePermission permission) throws IOException {
      return this == ANY || Files.getPosixFilePermissions(path).contains(permission);
    }
  }

  private OwnFiles() {}

  static OwnFiles none() {
    return new OwnFiles();
  }

  /**
   * Those of a folder.
   *
   * @param whoMayRead what else must hold for a file or a folder
   * @throws PageProblem if there are too many or too large ones, or one that is no page's
   */
  static OwnFiles in(Path folder, Readers whoMayRead) throws PageProblem {
    var own = new OwnFiles();
    Visitor visitor;
    try {
      visitor = new Visitor(folder, folder.toRealPath(), whoMayRead, own.files);
      Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, visitor);
    } catch (IOException e) {
      throw new PageProblem(folder, "cannot be read: " + e);
    }
    if (visitor.problem != null) {
      throw visitor.problem;
    }
    return own;
  }

  /** The same with others, which go before them name by name. */
  OwnFiles under(OwnFiles others) {
    var both = new OwnFiles();
    both.files.putAll(files);
    both.files.putAll(others.files);
    return both;
  }

  SortedMap<String, Path> files() {
    return files;
  }

  /**
   * A file as text.
   *
   * @throws PageProblem if it is not UTF-8, with the line
   */
  Optional<String> text(String name) throws IOException, PageProblem {
    var file = files.get(name);
    if (file == null) {
      return Optional.empty();
    }
    var bytes = bytes(file);
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new PageProblem(file, lineOfFirstFault(bytes), "is not UTF-8");
    }
  }

  /** Its content; it may have been replaced by something else since it was looked at. */
  static byte[] bytes(Path file) throws IOException, PageProblem {
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      var bytes = in.readNBytes((int) MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new PageProblem(file, "is larger than " + MOST_BYTES + " bytes");
      }
      return bytes;
    }
  }

  private static int lineOfFirstFault(byte[] bytes) {
    var decoder = StandardCharsets.UTF_8.newDecoder();
    var in = ByteBuffer.wrap(bytes);
    decoder.decode(in, CharBuffer.allocate(bytes.length), true);
    var line = 1;
    for (int i = 0; i < in.position(); i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return line;
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path folder;
    private final Path real;
    private final Readers readers;
    private final SortedMap<String, Path> files;
    private long bytes;
    private @Nullable PageProblem problem;

    Visitor(Path folder, Path real, Readers readers, SortedMap<String, Path> files) {
      this.folder = folder;
      this.real = real;
      this.readers = readers;
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
        throws IOException {
      if (!path.equals(folder) && hidden(path)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      for (var up = path.toRealPath(); up != null; up = up.getParent()) {
        if (!readers.may(up, PosixFilePermission.OTHERS_EXECUTE)) {
          return stop(up, "is not open to everybody (chmod o+x), so its files are not shown");
        }
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
      if (hidden(path)) {
        return FileVisitResult.CONTINUE;
      }
      if (attributes.isSymbolicLink()) {
        return stop(path, "is a link that leads nowhere");
      }
      var name = folder.relativize(path);
      var target = path.toRealPath();
      bytes += attributes.size();
      if (!target.startsWith(real)) {
        return stop(path, "is a link that leads out of " + folder);
      } else if (attributes.isDirectory()) {
        return stop(path, "lies deeper than " + DEEPEST + " folders");
      } else if (!attributes.isRegularFile()) {
        return stop(path, "is no file");
      } else if (!readers.may(target, PosixFilePermission.OTHERS_READ)) {
        return stop(path, "is not for everybody to read (chmod o+r), so it is not shown");
      } else if (bytes > MOST_BYTES) {
        return stop(path, "is too large: all files together may have " + MOST_BYTES + " bytes");
      } else if (files.size() >= MOST_FILES) {
        return stop(path, "is one too many: there may be " + MOST_FILES);
      }
      for (var part : name) {
        if (!part.toString().matches(NAME)) {
          return stop(path, "has a name with something else than letters, digits and ._-");
        }
      }
      files.put(name.toString(), target);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException why) {
      return hidden(path) ? FileVisitResult.CONTINUE : stop(path, "cannot be read: " + why);
    }

    private FileVisitResult stop(Path path, String what) {
      problem = new PageProblem(path, what);
      return FileVisitResult.TERMINATE;
    }

    private static boolean hidden(Path path) {
      return path.getFileName().toString().startsWith(".");
    }
  }
}
