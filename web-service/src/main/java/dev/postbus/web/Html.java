package dev.postbus.web;

/** Text that is put into HTML or XML. */
public final class Html {
  private Html() {}

  /** Text as it may stand in an element or a quoted attribute. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
