package dev.lockstep.sync.outbox;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Tx;
import dev.lockstep.workos.event.WorkOsEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the application is told about one transaction of the merge. Triggers on the mirrored tables record each change
 * that became visible, in this transaction and only while it is loud; every other writer is silent. What has no table
 * is recorded from the event itself.
 */
public final class Announcements {
    private static final String BEGIN = """
            SELECT set_config('lockstep.loud', CASE WHEN EXISTS (SELECT FROM lockstep.listener) THEN 'on' ELSE 'off' END,
              true) = 'on' AND set_config('lockstep.quiet', :quiet, true) IS NOT NULL
            """;
    private static final String TELL = """
            SELECT count(lockstep.tell(e.type, e.type || '/' || e.id, e.id, e.id, CAST(e.at AS timestamptz), NULL,
              CAST(e.data AS jsonb)))
            FROM unnest(CAST(:types AS text[]), CAST(:ids AS text[]), CAST(:times AS text[]), CAST(:data AS text[]))
              AS e (type, id, at, data)
            """;

    private final Tx tx;
    private final Set<EventId> quiet;
    private final boolean loud;
    private final List<WorkOsEvent> unmirrored = new ArrayList<>();

    private Announcements(Tx tx, List<EventId> quiet, boolean loud) {
        this.tx = tx;
        this.quiet = Set.copyOf(quiet);
        this.loud = loud;
    }

    /**
     * Makes the transaction loud until its end, if anybody listens.
     *
     * @param quiet events whose effects are told to nobody
     */
    public static Announcements begin(Tx tx, List<EventId> quiet) {
        String ids = quiet.stream().map(EventId::value).collect(Collectors.joining(" "));
        boolean loud = tx.sql(BEGIN).param("quiet", ids).query(Boolean.class).single();
        return new Announcements(tx, quiet, loud);
    }

    /** Notes an event that no mirrored table shows. */
    public void unmirrored(WorkOsEvent event) {
        if (loud && !quiet.contains(event.id())) {
            unmirrored.add(event);
        }
    }

    /** Records what was noted, for whoever listens to it. */
    public void write() {
        if (!unmirrored.isEmpty()) {
            tx.sql(TELL)
                    .param("types", column(WorkOsEvent::type))
                    .param("ids", column(event -> event.id().value()))
                    .param("times", column(event -> event.createdAt().toString()))
                    .param("data", column(event -> event.data().toString()))
                    .query(Long.class)
                    .single();
        }
    }

    private String[] column(Function<WorkOsEvent, String> value) {
        return unmirrored.stream().map(value).toArray(String[]::new);
    }
}
