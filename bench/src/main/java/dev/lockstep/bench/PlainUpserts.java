package dev.lockstep.bench;

import dev.lockstep.sync.backfill.ObjectSource.Listed;
import dev.lockstep.sync.backfill.Shard;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.workos.object.WorkOsObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What PostgreSQL alone needs for rows of the mirror: made beforehand, as many in each commit as a backfill puts there,
 * by plain upserts from arrays, without any merge, position, lock or comparison. Once into tables of the same columns and
 * indexes, once into the very tables, whose changes go into the feed.
 */
final class PlainUpserts {
    private static final int ROWS_IN_A_COMMIT = 400;
    private static final String COPIES = """
            CREATE SCHEMA IF NOT EXISTS plain;
            CREATE TABLE plain.users (LIKE workos.users INCLUDING ALL);
            CREATE TABLE plain.organization_memberships (LIKE workos.organization_memberships INCLUDING ALL)
            """;
    private static final String USERS = """
            INSERT INTO %s.users (id, email, first_name, last_name, profile_picture_url, locale, email_verified,
              last_sign_in_at, metadata, created_at, updated_at, raw, source, snapshot_at)
            SELECT a, b, c, d, e, f, g::boolean, h::timestamptz, i::jsonb, j::timestamptz, k::timestamptz, raw::jsonb,
              'snapshot', now()
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
              ?::text[], ?::text[], ?::text[]) AS r (a, b, c, d, e, f, g, h, i, j, k, raw)
            ON CONFLICT (id) DO UPDATE SET raw = excluded.raw, updated_at = excluded.updated_at
            """;
    private static final List<String> USER_PARTS = List.of(
            "id",
            "email",
            "first_name",
            "last_name",
            "profile_picture_url",
            "locale",
            "email_verified",
            "last_sign_in_at",
            "metadata",
            "created_at",
            "updated_at");
    private static final String MEMBERSHIPS = """
            INSERT INTO %s.organization_memberships (id, user_id, organization_id, status, directory_managed,
              custom_attributes, created_at, updated_at, raw, source, snapshot_at, role_slugs)
            SELECT a, b, c, d, e::boolean, f::jsonb, g::timestamptz, h::timestamptz, raw::jsonb, 'snapshot', now(),
              '{member}'
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
              AS r (a, b, c, d, e, f, g, h, raw)
            ON CONFLICT (id) DO UPDATE SET raw = excluded.raw, updated_at = excluded.updated_at
            """;
    private static final List<String> MEMBERSHIP_PARTS = List.of(
            "id",
            "user_id",
            "organization_id",
            "status",
            "directory_managed",
            "custom_attributes",
            "created_at",
            "updated_at");

    private final DataSource database;
    private final List<Chunk> chunks = new ArrayList<>();

    /** Rows of one statement: an array for each column. */
    private record Chunk(String statement, List<@Nullable String[]> columns, int rows) {}

    /** Takes the first rows of the lists. */
    PlainUpserts(DataSource database, MadeUpLists lists, int users, int organizations) {
        this.database = database;
        chunk(lists, new Shard(Mirrored.USERS, ""), users, USERS, USER_PARTS);
        for (String organization : organizations(lists, organizations)) {
            chunk(
                    lists,
                    new Shard(Mirrored.MEMBERSHIPS, organization),
                    Integer.MAX_VALUE,
                    MEMBERSHIPS,
                    MEMBERSHIP_PARTS);
        }
    }

    /** Writes all rows over two connections, both ways, and says what each came to. */
    void measure() throws Exception {
        execute(COPIES);
        say("without the feed", "plain");
        say("with the feed", "workos");
        execute("DROP SCHEMA plain CASCADE; TRUNCATE workos.users, workos.organization_memberships, lockstep.change");
    }

    private void say(String name, String schema) throws Exception {
        int rows = chunks.stream().mapToInt(Chunk::rows).sum();
        CpuTimes before = CpuTimes.now(ProcessHandle.current());
        long began = System.nanoTime();
        AtomicInteger next = new AtomicInteger();
        Callable<Integer> writer = () -> write(schema, next);
        try (ExecutorService writers = Executors.newFixedThreadPool(2)) {
            for (Future<Integer> done : writers.invokeAll(List.of(writer, writer))) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        CpuTimes spent = CpuTimes.now(ProcessHandle.current()).since(before);
        Bench.say(
                "%-16s %,d rows by plain upserts, %s: %,.0f/s; of an object: Java %.1f µs, PostgreSQL %.1f µs",
                "PostgreSQL alone",
                rows,
                name,
                rows / seconds,
                spent.server() * 1e6 / rows,
                spent.postgres() * 1e6 / rows);
    }

    private int write(String schema, AtomicInteger next) throws SQLException {
        int written = 0;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            for (int i = next.getAndIncrement(); i < chunks.size(); i = next.getAndIncrement()) {
                Chunk chunk = chunks.get(i);
                try (Statement plain = connection.createStatement();
                        PreparedStatement upsert =
                                connection.prepareStatement(chunk.statement().formatted(schema))) {
                    plain.execute("SET LOCAL synchronous_commit = off");
                    for (int column = 0; column < chunk.columns().size(); column++) {
                        upsert.setObject(column + 1, chunk.columns().get(column));
                    }
                    written += upsert.executeUpdate();
                    connection.commit();
                }
            }
            connection.setAutoCommit(true);
        }
        return written;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement plain = connection.createStatement()) {
            plain.execute(sql);
        }
    }

    private void chunk(MadeUpLists lists, Shard shard, int most, String statement, List<String> parts) {
        List<JsonNode> rows = new ArrayList<>();
        @Nullable String cursor = null;
        int all = 0;
        do {
            Listed page = lists.page(shard, cursor);
            page.objects().objects().stream().map(WorkOsObject::raw).forEach(rows::add);
            all += page.objects().objects().size();
            cursor = all < most ? page.cursor() : null;
            if (rows.size() >= ROWS_IN_A_COMMIT || cursor == null) {
                chunks.add(new Chunk(statement, columns(rows, parts), rows.size()));
                rows.clear();
            }
        } while (cursor != null);
    }

    private static List<@Nullable String[]> columns(List<JsonNode> rows, List<String> parts) {
        List<@Nullable String[]> columns = new ArrayList<>();
        for (String part : parts) {
            columns.add(rows.stream().map(row -> text(row.path(part))).toArray(String[]::new));
        }
        columns.add(rows.stream().map(JsonNode::toString).toArray(String[]::new));
        return columns;
    }

    private static @Nullable String text(JsonNode value) {
        return value.isNull() ? null : value.isString() ? value.stringValue() : value.toString();
    }

    private static List<String> organizations(MadeUpLists lists, int most) {
        return lists.page(new Shard(Mirrored.ORGANIZATIONS, ""), null).lists().stream()
                .limit(most)
                .toList();
    }
}
