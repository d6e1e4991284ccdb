package dev.lockstep.sync.projection;

import static dev.lockstep.sync.Wire.decoded;
import static dev.lockstep.sync.Wire.event;
import static dev.lockstep.sync.Wire.membership;
import static dev.lockstep.sync.Wire.organization;
import static dev.lockstep.sync.Wire.role;
import static dev.lockstep.sync.Wire.session;
import static dev.lockstep.sync.Wire.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.projection.Projector.Incoming;
import dev.lockstep.testing.PostgresExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Events that reach the database joined leave the same rows, and the same questions, as one after another. */
class GroupedMergeTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final int EVENTS = 60;

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final Projector projector = new Projector();

    static IntStream seeds() {
        return IntStream.range(1, 13);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void groupsEndInTheSameRowsAsSingleEvents(int seed) {
        Random random = new Random(seed);
        List<Incoming> history = history(random);
        mirror.clear();
        history.forEach(one -> apply(List.of(one)));
        String alone = mirror.digest();
        for (int size : new int[] {2, 7, EVENTS}) {
            Collections.shuffle(history, random);
            mirror.clear();
            for (int from = 0; from < EVENTS; from += size) {
                apply(history.subList(from, Math.min(EVENTS, from + size)));
            }
            assertThat(mirror.digest()).as("seed %d, groups of %d", seed, size).isEqualTo(alone);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aTransactionThatTellsOfEachChangeEndsInTheSameRows(int seed) {
        List<Incoming> history = history(new Random(seed));
        mirror.clear();
        apply(history);
        String grouped = mirror.digest();
        mirror.clear();
        database.write(tx -> {
            tx.sql("SELECT set_config('lockstep.loud', 'on', true)")
                    .query(String.class)
                    .single();
            return projector.apply(tx, history);
        });
        assertThat(mirror.digest()).isEqualTo(grouped);
    }

    @Test
    void twoEventsOfOneMomentInOneGroupAreAskedAbout() {
        mirror.clear();
        apply(List.of(
                incoming(event("e1", "user.updated", user("u", "A", 5), 5)),
                incoming(event("e2", "user.updated", user("u", "B", 5), 5))));
        assertThat(mirror.list("SELECT kind || ' ' || reason FROM lockstep.refetch"))
                .containsExactly("user tie");
    }

    private void apply(List<Incoming> events) {
        database.write(tx -> projector.apply(tx, events));
    }

    private static List<Incoming> history(Random random) {
        List<Incoming> history = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            String id = "e" + i;
            int at = random.nextInt(30);
            int which = random.nextInt(3);
            String verb = List.of("created", "updated", "updated", "deleted").get(random.nextInt(4));
            history.add(incoming(
                    switch (random.nextInt(5)) {
                        case 0 -> event(id, "user." + verb, user("u" + which, "N" + i, at), at);
                        case 1 -> event(id, "organization." + verb, organization("o" + which, "N" + i, at), at);
                        case 2 -> event(id, "organization_membership." + verb, member(which, at), at);
                        case 3 -> event(id, "role." + verb, role("r" + which, at), at);
                        default ->
                            event(
                                    id,
                                    random.nextBoolean() ? "session.created" : "session.revoked",
                                    session("s" + which, "u" + which, "active", at),
                                    at);
                    }));
        }
        return history;
    }

    private static ObjectNode member(int which, int at) {
        return membership("m" + which, "u" + which, "o" + (which + 1) % 3, "role" + at, "active", at);
    }

    private static Incoming incoming(byte[] event) {
        return new Incoming(decoded(event), Writer.WEBHOOK);
    }
}
