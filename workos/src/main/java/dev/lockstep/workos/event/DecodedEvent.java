package dev.lockstep.workos.event;

/** What the bytes of an event turned out to be: an event, or {@link Malformed}. */
public sealed interface DecodedEvent permits WorkOsEvent, Malformed {}
