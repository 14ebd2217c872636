package dev.postbus.audit;

import dev.postbus.events.RawRecord;
import dev.postbus.events.RecordHead;

/**
 * An event of a chain of causes.
 *
 * @param raw its record
 * @param head its attributes
 */
public record CausedEvent(RawRecord raw, RecordHead head) {}
