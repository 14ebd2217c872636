package dev.postbus.web;

import java.nio.file.Path;

/** Something wrong with a file of an operator's own pages. */
final class PageProblem extends Exception {
  private static final long serialVersionUID = 1L;

  PageProblem(Path file, String what) {
    super(file + ": " + what);
  }

  PageProblem(Path file, int line, String what) {
    super(file + " line " + line + ": " + what);
  }
}
