package dev.lockstep.starter.functions;

/** Which way a row's newest state came from WorkOS. Named as the mirror writes it. */
public enum SyncedBy {
    webhook,
    tail,
    snapshot,
    login
}
