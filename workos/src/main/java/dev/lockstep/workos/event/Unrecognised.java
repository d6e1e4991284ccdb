package dev.lockstep.workos.event;

/**
 * A sound event of a type this version does not use: to be kept, so that a later version can apply it.
 *
 * @param envelope id, type and time
 */
public record Unrecognised(Envelope envelope) implements WorkOsEvent {}
