/**
 * Certificates that somebody else keeps in a folder or in two files: where they are, when they
 * change, and what is wrong with them. Foreign bytes are parsed by a process without privileges.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.cert.foreign;
