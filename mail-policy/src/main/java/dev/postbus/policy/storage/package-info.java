/** Files that are there whole or not at all, and locks for what several sessions change. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.storage;
