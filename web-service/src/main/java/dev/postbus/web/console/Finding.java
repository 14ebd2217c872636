package dev.postbus.web.console;

/**
 * Something that somebody should look at.
 *
 * @param problem whether something does not work; otherwise it does, but not well or not for long
 * @param where who or what has it
 * @param what is so
 * @param next what to do about it
 */
record Finding(boolean problem, String where, String what, String next) {}
