package dev.lockstep.sync.projection;

/** Who brought what a mirrored row shows; the {@code source} column of every mirrored table. */
public enum Writer {
    /** A webhook delivery. */
    WEBHOOK("webhook"),
    /** A page of the Events API. */
    TAIL("tail"),
    /** An object fetched from the API: backfill, reconcile, or the reply to a write. */
    SNAPSHOT("snapshot"),
    /** An object that came with a sign-in. */
    LOGIN("login");

    private final String column;

    Writer(String column) {
        this.column = column;
    }

    /** The word in the database. */
    public String column() {
        return column;
    }
}
