package dev.lockstep.sync.outbox;

import dev.lockstep.store.Tx;
import java.util.Set;

/** The application's ear. Implementations are called by several threads. */
public interface DomainListener {
    /** Names it among all listeners of the application, and must stay the same from version to version. */
    String name();

    /** What it hears: exact types such as {@code user.created}, or families such as {@code user.*}. */
    Set<String> types();

    /**
     * Is told of one change, after the commit that made it. Changes of one object come in their order, of different
     * objects in any.
     *
     * <p>What it writes in the transaction happens exactly once: it commits together with the note that the change was
     * told. What it does anywhere else happens at least once; give the other side {@link Occurrence#key} so that it can
     * tell a repetition.
     *
     * @param event what became true
     * @param telling the transaction, and which attempt this is
     * @throws Exception to be told again later; after the last attempt the telling is parked. The transaction is undone
     */
    void on(DomainEvent event, Telling telling) throws Exception;

    /**
     * One attempt to tell a listener.
     *
     * @param tx open until the listener returns
     * @param attempt from 1
     */
    record Telling(Tx tx, int attempt) {}
}
