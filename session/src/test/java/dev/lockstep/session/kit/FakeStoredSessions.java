package dev.lockstep.session.kit;

import dev.lockstep.session.keeping.StoredSessions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The table in memory, with a switch that takes it away. */
public final class FakeStoredSessions implements StoredSessions {
    public final Map<String, Row> rows = new ConcurrentHashMap<>();
    public volatile boolean down;

    @Override
    public void save(Row row) throws Unavailable {
        check();
        rows.merge(row.key(), row, (old, fresh) -> fresh.issuedAt().isBefore(old.issuedAt()) ? old : fresh);
    }

    @Override
    public Optional<byte[]> find(String key) throws Unavailable {
        check();
        return Optional.ofNullable(rows.get(key)).map(Row::sealed);
    }

    @Override
    public void remove(String key) throws Unavailable {
        check();
        rows.remove(key);
    }

    private void check() throws Unavailable {
        if (down) {
            throw new Unavailable("the table is away");
        }
    }
}
