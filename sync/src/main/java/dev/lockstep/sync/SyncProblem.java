package dev.lockstep.sync;

import org.jspecify.annotations.Nullable;

/** A failure of sync with a stable code. Its text is one sentence and the next step, safe for any log. */
public final class SyncProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The stable codes; each stands in the published list of errors. */
    public enum Code {
        /** An event could not be stored; the sender has to deliver it again. */
        SYNC_INBOX_UNAVAILABLE,
        /** An event id came twice with different bodies from the same mouth. */
        SYNC_EVENT_CONFLICT,
        /** The bytes of an event cannot be read. */
        SYNC_EVENT_MALFORMED,
        /** The payload of an event can never be stored as it is. */
        SYNC_EVENT_UNSTORABLE,
        /** Applying an event failed and is tried again later. */
        SYNC_EVENT_FAILED,
        /** The inbox could not be drained, as a rule because the database is away. */
        SYNC_DRAIN_STALLED,
        /** A row count was not what the statement must give. */
        SYNC_ROW_COUNT,
        /** The Events API could not be read. */
        SYNC_TAIL_STALLED,
        /** Another node took the lease while a page was being stored. */
        SYNC_TAIL_FENCED,
        /** The Events API does not know the cursor any longer. */
        SYNC_CURSOR_LOST,
        /** The organization or membership of a sign-in could not be fetched; the tail brings it. */
        SYNC_LOGIN_LOOKUP_FAILED,
        /** An object says it was changed long after it was observed. */
        SYNC_CLOCK_AHEAD,
        /** An object that has to be completed could not be fetched. */
        SYNC_REFETCH_FAILED,
        /** An operator named an event that is not parked. */
        SYNC_NOT_PARKED,
        /** A write at WorkOS took place and its reply could not be merged; its event brings it. */
        SYNC_WRITE_NOT_MERGED,
        /** Too many callers of one node wait for the mirror. */
        FRESHNESS_CROWDED,
        /** A walk was begun that another, unfinished one stands in the way of, or none is there to go on with. */
        SYNC_WALK_UNCLEAR,
        /** A walk stopped because WorkOS gave no usable answer; what it read is stored. */
        SYNC_WALK_STOPPED,
        /** Another process went on with the same walk, or gave it up. */
        SYNC_WALK_OVERTAKEN,
        /** The mirror was not what WorkOS shows. */
        SYNC_DRIFT,
        /** A scheduled comparison with WorkOS came to no verdict. */
        SYNC_RECONCILE_FAILED,
        /** What the Events API gave could not be stored, as a rule because the database is away. */
        SYNC_TAIL_STORE_AWAY,
        /** The Events API gave a page newest first. */
        SYNC_TAIL_BACKWARDS,
        /** Old events could not be thinned out. */
        SYNC_RETENTION_STALLED,
        /** Listeners could not be told, as a rule because the database is away. */
        SYNC_OUTBOX_STALLED,
        /** A listener failed and is told again later. */
        SYNC_LISTENER_FAILED,
        /** Two listeners have one name, or one has none. */
        SYNC_LISTENER_INVALID,
        /** How the rate budgets stand could not be written down for operators. */
        SYNC_BUDGET_NOT_NOTED
    }

    private final Code code;

    /**
     * @param code the stable code
     * @param sentence what is wrong and the next step, without any bound value
     */
    public SyncProblem(Code code, String sentence) {
        this(code, sentence, null);
    }

    /**
     * @param code the stable code
     * @param sentence what is wrong and the next step, without any bound value
     * @param cause what was thrown below, or null
     */
    public SyncProblem(Code code, String sentence, @Nullable Throwable cause) {
        super(code + ": " + sentence, cause);
        this.code = code;
    }

    /** The stable code. */
    public Code code() {
        return code;
    }
}
