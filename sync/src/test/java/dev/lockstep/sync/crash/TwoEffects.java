package dev.lockstep.sync.crash;

import dev.lockstep.store.Database;
import dev.lockstep.sync.outbox.DomainEvent;
import dev.lockstep.sync.outbox.DomainListener;
import java.util.Set;

/** Has one effect in the transaction it is given and one outside, and is killed between them and their note. */
final class TwoEffects implements DomainListener {
    private final Database outside;
    private final Fuse fuse;

    TwoEffects(Database outside, Fuse fuse) {
        this.outside = outside;
        this.fuse = fuse;
    }

    @Override
    public String name() {
        return "two-effects";
    }

    @Override
    public Set<String> types() {
        return Set.of("*");
    }

    @Override
    public void on(DomainEvent event, Telling telling) {
        String key = event.occurrence().key();
        telling.tx()
                .sql("INSERT INTO proof.inside (key) VALUES (:key)")
                .param("key", key)
                .update();
        outside.write(tx -> tx.sql("INSERT INTO proof.outside (key) VALUES (:key)")
                .param("key", key)
                .update());
        fuse.reach(KillPoint.F10_EFFECT_OUTSIDE_NOT_NOTED);
    }
}
