package dev.postbus.policy.invite;

import java.time.Instant;

/**
 * A use of an invitation that has been taken, but whose account nobody has logged in to yet.
 *
 * @param address the account's
 * @param proof SHA-256 of its password, in hexadecimal; the password is long and random
 * @param until when the use is given back
 */
record Reservation(String address, String proof, Instant until) {}
