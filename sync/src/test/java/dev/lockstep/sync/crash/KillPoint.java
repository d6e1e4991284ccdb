package dev.lockstep.sync.crash;

/** Where a node is killed: the named points of the catalogue of faults, and anywhere. */
enum KillPoint {
    F01_BEFORE_THE_BODY_IS_READ,
    F02_SIGNATURE_VERIFIED,
    F03_INSERTED_NOT_COMMITTED,
    F04_COMMITTED_NOT_ANSWERED,
    F05_ANSWERED_NOT_CLAIMED,
    F06_CLAIMED_NOT_APPLIED,
    F07_APPLIED_NOT_COMMITTED,
    F08_COMMITTED_NOBODY_WOKEN,
    F09_PAGE_READ_CURSOR_NOT_MOVED,
    F10_EFFECT_OUTSIDE_NOT_NOTED,
    /** From outside, at a moment that chance chooses. */
    ANYWHERE
}
