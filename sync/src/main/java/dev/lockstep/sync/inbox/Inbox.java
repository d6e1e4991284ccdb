package dev.lockstep.sync.inbox;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.workos.event.EventDecoder;
import java.util.List;

/**
 * The one throat for events: what it has returned from is committed. It applies nothing; that is the drain's work.
 * Thread-safe. Callers at the same moment share a commit, so that the rate is not one disk flush per event.
 */
public final class Inbox {
    private final Database database;
    private final EventDecoder decoder;
    private final Doorbell stored;
    private final GroupCommit commits;

    /**
     * @param database where the inbox lies; give it connections that other work cannot use up
     * @param decoder reads the id
     * @param stored rung after each commit that brought something new, as a rule the drain's {@code signal}
     */
    public Inbox(Database database, EventDecoder decoder, Doorbell stored) {
        this.database = database;
        this.decoder = decoder;
        this.stored = stored;
        this.commits = new GroupCommit(this::commit);
    }

    /**
     * Stores one event durably, or finds that it is there.
     *
     * @param body the raw bytes, of a verified sender; any content is taken. Not to be changed afterwards
     * @param source the mouth
     * @return once it is committed
     * @throws dev.lockstep.sync.SyncProblem SYNC_INBOX_UNAVAILABLE when it could not be stored: the sender must hear 503 and try again
     */
    public Receipt receive(byte[] body, Source source) {
        return commits.submit(Arrival.of(decoder, new Received(body, source)));
    }

    /**
     * Stores events in the caller's transaction. Call {@link #announce} after its commit.
     *
     * @return one receipt per event, in the order of the argument; true only once the caller has committed
     * @throws org.springframework.dao.DataAccessException when the database refuses or cannot be reached
     */
    public List<Receipt> receiveAll(Tx tx, List<Received> events) {
        return InboxRows.store(
                tx, events.stream().map(event -> Arrival.of(decoder, event)).toList());
    }

    /** Wakes whoever applies events. Returns at once. */
    public void announce() {
        stored.ring();
    }

    private List<Receipt> commit(List<Arrival> arrivals) {
        List<Receipt> receipts = database.write(tx -> InboxRows.store(tx, arrivals));
        if (receipts.stream().anyMatch(Receipt.Stored.class::isInstance)) {
            announce();
        }
        return receipts;
    }
}
