package dev.lockstep.sync.inbox;

import dev.lockstep.sync.projection.Writer;

/** The mouth an event came in by; the {@code source} column of the inbox. */
public enum Source {
    /** Delivered by WorkOS, signature verified. */
    WEBHOOK("webhook", Writer.WEBHOOK),
    /** Read from the Events API. */
    TAIL("tail", Writer.TAIL),
    /** Put in again from an archive by an operator. */
    REPLAY("replay", Writer.TAIL);

    private final String column;
    private final Writer writer;

    Source(String column, Writer writer) {
        this.column = column;
        this.writer = writer;
    }

    /** The word in the database. */
    public String column() {
        return column;
    }

    /** As whom the projection records events of this mouth. */
    Writer writer() {
        return writer;
    }

    static Source of(String column) {
        for (Source source : values()) {
            if (source.column.equals(column)) {
                return source;
            }
        }
        throw new IllegalArgumentException("No such source of events");
    }
}
