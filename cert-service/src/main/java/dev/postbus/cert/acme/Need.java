package dev.postbus.cert.acme;

import java.util.List;

/**
 * What has to be had by ACME.
 *
 * @param names DNS names and addresses, the relay's domain first
 * @param email told to the authority; empty for none
 */
public record Need(List<String> names, String email) {
  /** Copies the names. */
  public Need {
    names = List.copyOf(names);
  }
}
