package dev.postbus.events;

/**
 * A record that a reader could not read.
 *
 * @param reader the service that tried
 * @param fromTopic the record's topic
 * @param offset its offset there
 * @param reason what is wrong with it
 * @param content the beginning of its bytes, at most 8 KiB, in base 64
 */
public record DeadLetter(
    String reader, String fromTopic, long offset, String reason, String content)
    implements RelayEvent {}
