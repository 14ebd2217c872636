/**
 * Delta Chat's own core as a client, spoken to by JSON-RPC: fetched from npm, started as a process,
 * with accounts that scan a relay's code, become acquainted and write to each other.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.realclient;
