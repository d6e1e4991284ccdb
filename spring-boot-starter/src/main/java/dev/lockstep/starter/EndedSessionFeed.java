package dev.lockstep.starter;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.session.Revocations;
import dev.lockstep.store.feed.Change;
import dev.lockstep.store.feed.FeedListener;
import dev.lockstep.store.feed.Tick;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Hears which sessions another node has ended, and tells those who hold them in memory here. */
final class EndedSessionFeed implements FeedListener {
    private static final String TABLE = "lockstep.ended_session";
    private static final String RECENT = """
            SELECT session_id FROM lockstep.ended_session
            WHERE ended_at > clock_timestamp() - make_interval(secs => :seconds)
            """;

    private final Revocations revocations;
    private final Consumer<Predicate<Caller.SignedIn>> sockets;
    private final Duration memory;

    /** Set by a gap, and at first: what ended in the last token's life is then read from the table. */
    private boolean fresh = true;

    EndedSessionFeed(Revocations revocations, Consumer<Predicate<Caller.SignedIn>> sockets, Duration memory) {
        this.revocations = revocations;
        this.sockets = sockets;
        this.memory = memory;
    }

    @Override
    public void onTick(Tick tick) {
        Set<SessionId> ended = new HashSet<>();
        for (Change change : tick.changes()) {
            if (change.table().equals(TABLE)) {
                var id = change.newKey().get("session_id");
                if (id != null) {
                    ended.add(new SessionId(id.asString("")));
                }
            }
        }
        if (fresh) {
            ended.addAll(tick.tx()
                    .sql(RECENT)
                    .param("seconds", (double) memory.toSeconds())
                    .query((row, n) -> new SessionId(row.getString(1)))
                    .list());
            fresh = false;
        }
        if (!ended.isEmpty()) {
            ended.forEach(revocations::revokeSession);
            sockets.accept(caller -> ended.contains(caller.session()));
        }
    }

    @Override
    public void onGap() {
        fresh = true;
    }
}
