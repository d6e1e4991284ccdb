package dev.lockstep.sync.outbox;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was told and writes it down in the transaction. */
final class Ear implements DomainListener {
    private final String name;
    private final Set<String> types;
    final List<DomainEvent> heard = new CopyOnWriteArrayList<>();
    volatile boolean deaf;

    Ear(String name, Set<String> types) {
        this.name = name;
        this.types = types;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<String> types() {
        return types;
    }

    @Override
    public void on(DomainEvent event, Telling telling) throws Exception {
        telling.tx()
                .sql("INSERT INTO app.heard (listener, key) VALUES (:listener, :key)")
                .param("listener", name)
                .param("key", event.occurrence().key())
                .update();
        if (deaf) {
            throw new java.io.IOException("not now");
        }
        heard.add(event);
    }

    List<String> types(String subject) {
        return heard.stream()
                .filter(event -> event.occurrence().subject().equals(subject))
                .map(event -> event.occurrence().type())
                .toList();
    }
}
