package dev.lockstep.workosdouble;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where changes are kept. Appends come one at a time; waiting for durability may be shared by many threads. */
sealed interface Journal extends AutoCloseable permits Journal.None, FileJournal {

    /** Takes the line in; the returned ticket is for {@link #awaitDurable}. */
    long append(Fact.Line line);

    /** Returns once everything up to the ticket would survive a crash. */
    void awaitDurable(long ticket);

    /** Rewrites the journal as the given facts when it has grown well past them. */
    void compactIfLarge(Supplier<List<Fact>> facts);

    @Override
    void close();

    /** Opens the journal of a folder and hands every line already in it to the replay. */
    static Journal open(@Nullable Path folder, Consumer<Fact.Line> replay) {
        return folder == null ? new None() : FileJournal.open(folder, FileJournal.COMPACT_FROM_BYTES, replay);
    }

    /** Keeps nothing: the double lives in memory. */
    record None() implements Journal {
        @Override
        public long append(Fact.Line line) {
            return 0;
        }

        @Override
        public void awaitDurable(long ticket) {}

        @Override
        public void compactIfLarge(Supplier<List<Fact>> facts) {}

        @Override
        public void close() {}
    }
}
