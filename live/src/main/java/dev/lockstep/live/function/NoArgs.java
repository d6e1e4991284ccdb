package dev.lockstep.live.function;

/** The arguments of a function that takes none. */
public record NoArgs() {}
