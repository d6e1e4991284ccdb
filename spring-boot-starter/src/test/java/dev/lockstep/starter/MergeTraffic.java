package dev.lockstep.starter;

import dev.lockstep.store.Database;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.projection.Writer;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.event.WorkOsEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;

/** Events about people in any order, late ones and repeated ones too, written by the mirror's own merge. */
final class MergeTraffic {
    private static final Instant BEGINNING = Instant.parse("2026-03-01T10:00:00Z");
    private static final int WINDOW_MILLIS = 40;
    private static final int ONE_IN_DELETES = 40;

    private final Database database;
    private final EventDecoder decoder = new EventDecoder();
    private final Projector projector = new Projector();
    private final List<String> people;
    private int events;

    MergeTraffic(DataSource dataSource, List<String> people) {
        this.database = new Database(dataSource);
        this.people = people;
    }

    /** One transaction of the merge, with one event or two. Returns whether the database took it for certain. */
    boolean write(Random random) {
        List<Projector.Incoming> some = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(2); i++) {
            some.add(new Projector.Incoming(event(random), random.nextBoolean() ? Writer.WEBHOOK : Writer.TAIL));
        }
        try {
            database.write(tx -> projector.apply(tx, some));
            return true;
        } catch (DataAccessException databaseWasAway) {
            return false;
        }
    }

    private WorkOsEvent event(Random random) {
        int number = events++;
        String person = people.get(random.nextInt(people.size()));
        Instant at = BEGINNING.plusMillis(number + (long) random.nextInt(WINDOW_MILLIS));
        String type = random.nextInt(ONE_IN_DELETES) == 0 ? "user.deleted" : "user.updated";
        String json = """
                {"id":"event_%06d","event":"%s","created_at":"%s","context":{},"data":{"object":"user","id":"%s",
                "email":"%s@acme.test","email_verified":true,"first_name":"name %d","last_name":"Osei",
                "created_at":"%s","updated_at":"%s"}}
                """.formatted(number, type, at, person, person, number, BEGINNING, at);
        return (WorkOsEvent) decoder.decode(json.getBytes(StandardCharsets.UTF_8));
    }
}
