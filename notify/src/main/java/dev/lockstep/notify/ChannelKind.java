package dev.lockstep.notify;

/** By which way a notification reaches a person. */
public enum ChannelKind {
    /** In the application itself; it has arrived once it is stored. */
    IN_APP,
    EMAIL,
    SMS,
    PUSH
}
