package dev.lockstep.store.feed;

import dev.lockstep.store.Tx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tick as one listener gets it: what all share, and the changes since that listener's last one. */
record TickAt(Shared shared, List<Change> changes) implements Tick {

    /** What all listeners of one tick share. */
    static final class Shared {
        private static final String EXPORT = "SELECT pg_export_snapshot()";

        final Tx tx;
        final Reading now;
        private @Nullable String exported;

        final long begunAt;

        Shared(Tx tx, Reading now, long begunAt) {
            this.tx = tx;
            this.now = now;
            this.begunAt = begunAt;
        }

        String exported() {
            String name = exported;
            if (name == null) {
                name = tx.sql(EXPORT).query(String.class).single();
                exported = name;
            }
            return name;
        }
    }

    @Override
    public Ts ts() {
        return shared.now.ts();
    }

    @Override
    public Snapshot snapshot() {
        return shared.now.snapshot();
    }

    @Override
    public long begunAt() {
        return shared.begunAt;
    }

    @Override
    public Tx tx() {
        return shared.tx;
    }

    @Override
    public String exportedSnapshot() {
        return shared.exported();
    }
}
