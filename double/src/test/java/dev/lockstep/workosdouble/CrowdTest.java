package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Many users, and nothing that walks through all of them for one page. {@code -Dlockstep.crowd.users=1000000} for the long run. */
class CrowdTest {
    private static final Logger LOG = LoggerFactory.getLogger(CrowdTest.class);
    private static final int USERS = Integer.getInteger("lockstep.crowd.users", 20_000);
    private static final int ORGANIZATIONS = Math.max(1, USERS / 1_000);
    private static final int PROBES = 500;

    @Test
    void everyoneIsListedOnceAndADeepPageCostsWhatAShallowOneDoes() {
        try (WorkOsDouble workos = WorkOsDouble.start(
                        DoubleSettings.builder().holdBack(Duration.ZERO).build());
                Caller caller = new Caller(workos)) {
            long start = System.nanoTime();
            workos.populate(USERS, ORGANIZATIONS);
            say("made %,d users, %,d organizations, %,d events", start, USERS, ORGANIZATIONS, workos.eventCount());
            memory();
            List<String> ids = workos.truth().users().stream()
                    .map(user -> user.id().value())
                    .toList();

            start = System.nanoTime();
            assertThat(walk(caller, "/user_management/users?limit=100&order=asc"))
                    .isEqualTo(USERS);
            say("walked all users in pages of 100", start);

            Random random = new Random(20261121);
            probe(
                    "random page of users",
                    () -> page(
                            caller,
                            "/user_management/users?limit=100&order=asc&after=" + ids.get(random.nextInt(USERS / 2))));
            String organization = workos.truth().organizations().getFirst().id().value();
            probe(
                    "first page of an organization's memberships",
                    () -> page(
                            caller,
                            "/user_management/organization_memberships?limit=100&statuses=active&organization_id="
                                    + organization));
            probe(
                    "page of users of an organization",
                    () -> page(caller, "/user_management/users?limit=100&organization_id=" + organization));
            probe(
                    "one user by e-mail",
                    () -> page(caller, "/user_management/users?email=user-" + random.nextInt(USERS) + "@crowd.test"));
            probe(
                    "page of a rare type of event",
                    () -> page(caller, "/events?limit=100&events=organization.created,organization.deleted"));

            start = System.nanoTime();
            assertThat(
                            walk(
                                    caller,
                                    "/events?limit=100&events=user.created,organization.created,organization_membership.created"))
                    .isEqualTo(2 * USERS + ORGANIZATIONS);
            say("tailed all events in pages of 100", start);
        }
    }

    private static int walk(Caller caller, String path) {
        int seen = 0;
        String last = "";
        for (String next = path; next != null; ) {
            JsonNode page = caller.get(next).json();
            for (JsonNode item : page.get("data")) {
                String id = item.get("id").asString();
                assertThat(id).isGreaterThan(last);
                last = id;
                seen++;
            }
            JsonNode after = page.get("list_metadata").get("after");
            next = after.isNull() ? null : path + "&after=" + after.asString();
        }
        return seen;
    }

    private static void page(Caller caller, String path) {
        assertThat(caller.get(path).json().get("data").isEmpty()).isFalse();
    }

    private static void probe(String what, Runnable question) {
        long start = System.nanoTime();
        for (int i = 0; i < PROBES; i++) {
            question.run();
        }
        LOG.info("{}: {} ms each", what, (System.nanoTime() - start) / 1_000_000.0 / PROBES);
    }

    private static void say(String what, long start, Object... numbers) {
        LOG.info("{}: {} s", what.formatted(numbers), (System.nanoTime() - start) / 1_000_000_000.0);
    }

    private static void memory() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        LOG.info("heap in use: {} MiB", (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    }
}
