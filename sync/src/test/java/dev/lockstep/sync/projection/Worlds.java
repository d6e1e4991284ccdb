package dev.lockstep.sync.projection;

import static dev.lockstep.sync.Wire.at;
import static dev.lockstep.sync.Wire.decoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.projection.Projector.Incoming;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs scripts of observations in many orders. Each order is a world of its own (its ids carry its number), and step n
 * of all worlds is applied in one go: thousands of orders cost a few statements.
 */
final class Worlds {
    private static final int WORLDS_PER_TRANSACTION = 250;

    private final Database database;
    private final Mirror mirror;
    private final Projector projector = new Projector();
    private final Snapshots snapshots;

    Worlds(Database database) {
        this.database = database;
        this.mirror = new Mirror(database);
        this.snapshots = new Snapshots(database, () -> {});
    }

    /** Empties the tables. The change feed has no part in the merge and would take half of the time. */
    void clear() {
        mirror.clear();
        Mirror.TABLES.forEach(table -> mirror.run("ALTER TABLE " + table + " DISABLE TRIGGER lockstep_change"));
    }

    /** One observation in the world whose ids carry the suffix. */
    interface Step {
        void apply(World world);
    }

    /** Collects what happens in one world at one step. */
    record World(String suffix, List<Incoming> events, List<Snapshot> snapshots) {
        void event(String id, String type, ObjectNode data, long createdAt) {
            events.add(new Incoming(decoded(Wire.event(id + suffix, type, data, createdAt)), Writer.WEBHOOK));
        }

        void snapshot(Snapshots.Fetched fetched, long fetchedAt) {
            snapshots.add(new Snapshot(fetched, fetchedAt));
        }

        String id(String name) {
            return name + suffix;
        }
    }

    record Snapshot(Snapshots.Fetched fetched, long fetchedAt) {}

    /** A history in its true order, and what must be left of it: table and id to "live payload" or "gone by cause". */
    record Script(String name, List<Step> steps, Map<String, String> expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Every order ends in the same rows, and those are what the script expects. */
    void assertOneEnding(Script script, List<int[]> orders) {
        for (int from = 0; from < orders.size(); from += WORLDS_PER_TRANSACTION) {
            applyWorlds(script, orders, from, Math.min(orders.size(), from + WORLDS_PER_TRANSACTION));
        }
        for (String table : Mirror.TABLES) {
            assertThat(distinctEndings(table))
                    .as("%s: endings of %d orders in %s", script, orders.size(), table)
                    .allSatisfy(ending -> assertThat(ending.worlds()).isEqualTo(orders.size()));
        }
        script.expected()
                .forEach((row, ending) -> assertThat(endingOf(row)).as(row).isEqualTo(ending));
    }

    private void applyWorlds(Script script, List<int[]> orders, int from, int to) {
        for (int position = 0; position < orders.getFirst().length; position++) {
            List<World> worlds = new ArrayList<>();
            for (int order = from; order < to; order++) {
                World world = new World("_w%06d".formatted(order), new ArrayList<>(), new ArrayList<>());
                script.steps().get(orders.get(order)[position]).apply(world);
                worlds.add(world);
            }
            database.write(tx -> write(tx, worlds));
        }
    }

    private int write(Tx tx, List<World> worlds) {
        projector.apply(
                tx, worlds.stream().flatMap(world -> world.events().stream()).toList());
        Map<Long, List<Snapshots.Fetched>> byTime = worlds.stream()
                .flatMap(world -> world.snapshots().stream())
                .collect(Collectors.groupingBy(
                        Snapshot::fetchedAt, Collectors.mapping(Snapshot::fetched, Collectors.toList())));
        byTime.forEach(
                (fetchedAt, fetched) -> snapshots.applyIn(tx, together(fetched), at(fetchedAt), Writer.SNAPSHOT));
        return worlds.size();
    }

    private static Snapshots.Fetched together(List<Snapshots.Fetched> fetched) {
        return new Snapshots.Fetched(
                fetched.stream().flatMap(one -> one.users().stream()).toList(),
                fetched.stream().flatMap(one -> one.organizations().stream()).toList(),
                fetched.stream().flatMap(one -> one.memberships().stream()).toList(),
                fetched.stream().flatMap(one -> one.sessions().stream()).toList(),
                fetched.stream().flatMap(one -> one.objects().stream()).toList(),
                fetched.stream().flatMap(one -> one.absent().stream()).toList());
    }

    private record Ending(String text, int worlds) {}

    private List<Ending> distinctEndings(String table) {
        String sql = """
                SELECT regexp_replace((to_jsonb(t) - 'applied_at' - 'shadow' - 'snapshot_digest')::text,
                  '_w[0-9]{6}', '', 'g') AS ending, count(*) AS worlds
                FROM %s t GROUP BY 1
                """.formatted(table);
        return database.read(tx -> tx.sql(sql)
                .query((row, n) -> new Ending(row.getString(1), row.getInt(2)))
                .list());
    }

    private String endingOf(String tableAndId) {
        String[] parts = tableAndId.split(" ");
        String label = switch (parts[0]) {
            case "users", "directory_users" -> "first_name";
            case "organization_memberships" -> "role_slugs[1]";
            case "sessions" -> "status";
            case "directory_group_members", "group_members" -> "''";
            default -> "name";
        };
        String key = Mirror.key("workos." + parts[0]);
        return mirror.value(
                "SELECT CASE WHEN deleted_at IS NULL THEN 'live ' || coalesce(" + label + ", '')"
                        + " ELSE 'gone by ' || regexp_replace(deleted_by, '_w.*', '') END FROM workos." + parts[0]
                        + " WHERE regexp_replace(" + key + ", '_w000000', '', 'g') = '" + parts[1] + "'",
                String.class);
    }

    static List<int[]> permutations(int size) {
        List<int[]> all = new ArrayList<>();
        permute(new int[size], new boolean[size], 0, all);
        return all;
    }

    private static void permute(int[] order, boolean[] used, int position, List<int[]> all) {
        if (position == order.length) {
            all.add(order.clone());
            return;
        }
        for (int i = 0; i < order.length; i++) {
            if (!used[i]) {
                used[i] = true;
                order[position] = i;
                permute(order, used, position + 1, all);
                used[i] = false;
            }
        }
    }
}
