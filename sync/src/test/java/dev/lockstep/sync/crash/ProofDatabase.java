package dev.lockstep.sync.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.embedded.EmbeddedPostgres;
import dev.lockstep.embedded.EmbeddedPostgresSettings;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.SimulatedWorkOs;
import dev.lockstep.sync.SimulatedWorkOs.Emitted;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.workos.object.ObjectKind;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A durable PostgreSQL of its own that can be killed, with the books in which a proof counts. */
final class ProofDatabase implements AutoCloseable {
    private static final String BOOKS = """
            CREATE SCHEMA proof;
            CREATE TABLE proof.workos (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text UNIQUE NOT NULL,
              at timestamptz NOT NULL, body bytea NOT NULL);
            CREATE TABLE proof.inside (key text NOT NULL);
            CREATE TABLE proof.outside (key text NOT NULL);
            CREATE TABLE proof.applied (seq bigint NOT NULL);
            CREATE FUNCTION proof.note() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN INSERT INTO proof.applied VALUES (NEW.seq); RETURN NULL; END $$;
            CREATE TRIGGER note AFTER UPDATE OF state ON lockstep.inbox FOR EACH ROW
              WHEN (NEW.state = 'done' AND OLD.state <> 'done') EXECUTE FUNCTION proof.note();
            """;
    private EmbeddedPostgres server;
    private final HikariDataSource pool;
    private final Database database;

    private ProofDatabase(EmbeddedPostgres server, HikariDataSource pool) {
        this.server = server;
        this.pool = pool;
        this.database = new Database(pool);
    }

    static ProofDatabase start(Path folder) {
        Path binaries = Path.of(
                System.getProperty("java.io.tmpdir"),
                "lockstep-testing-" + System.getProperty("user.name"),
                "binaries");
        EmbeddedPostgres server =
                EmbeddedPostgres.start(EmbeddedPostgresSettings.in(binaries, folder.resolve("postgres")));
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.jdbcUrl());
        config.setUsername(server.username());
        config.setPassword(server.password());
        config.setMaximumPoolSize(24);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2_000);
        HikariDataSource pool = new HikariDataSource(config);
        Migrations.requireDurable(pool);
        Migrations.migrate(pool);
        ProofDatabase proof = new ProofDatabase(server, pool);
        proof.database.write(tx -> tx.sql(BOOKS).update());
        return proof;
    }

    Database database() {
        return database;
    }

    List<String> address() {
        return List.of(server.jdbcUrl(), server.username(), server.password());
    }

    /** SIGKILL for the server and all its children; returns when they are gone. */
    void crash() {
        ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
        List<ProcessHandle> children = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        postmaster.onExit().join();
        children.forEach(child -> child.onExit().join());
        server.close();
    }

    /** Starts the server again on its port, recovery included. */
    void bringBack() {
        server = EmbeddedPostgres.start(server.settings().withPort(server.port()));
    }

    /** From now on the Events API has these. */
    void reveal(List<Emitted> events) {
        database.write(tx -> {
            for (Emitted event : events) {
                tx.sql("INSERT INTO proof.workos (id, at, body) VALUES (:id, CAST(:at AS timestamptz), :body)")
                        .param("id", event.id().value())
                        .param("at", event.createdAt().toString())
                        .param("body", event.body())
                        .update();
            }
            return events;
        });
    }

    /** Nothing waits in inbox or outbox, and the tail has read everything. */
    boolean isQuiet() {
        return database.<Boolean>read(tx -> tx.sql("""
                SELECT NOT EXISTS (SELECT FROM lockstep.inbox WHERE state IN ('new', 'retry'))
                  AND NOT EXISTS (SELECT FROM lockstep.outbox WHERE state IN ('new', 'retry'))
                  AND (SELECT id FROM proof.workos ORDER BY seq DESC LIMIT 1)
                    IS NOT DISTINCT FROM (SELECT event_id FROM lockstep.cursor)
                """).query(Boolean.class).single());
    }

    long count(String sql) {
        return database.read(tx -> tx.sql(sql).query(Long.class).single());
    }

    /** Everything acknowledged is there, everything is applied once and told once. */
    void assertNothingLostAndNothingTwice(Collection<String> acknowledged, String proof) {
        List<String> held = database.read(tx -> tx.sql("SELECT event_id FROM lockstep.inbox")
                .query(String.class)
                .list());
        TreeSet<String> lost = new TreeSet<>(acknowledged);
        held.forEach(lost::remove);
        assertThat(lost).as("%s: acknowledged and lost", proof).isEmpty();
        assertThat(count("SELECT count(*) FROM lockstep.inbox WHERE state <> 'done'"))
                .as("%s: events not applied", proof)
                .isZero();
        assertThat(count("SELECT count(*) - count(DISTINCT seq) FROM proof.applied"))
                .as("%s: events applied twice", proof)
                .isZero();
        assertThat(count("SELECT count(*) FROM proof.applied")).isEqualTo(held.size());
        assertThat(count("SELECT count(*) FROM lockstep.outbox WHERE state <> 'done'"))
                .as("%s: changes not told", proof)
                .isZero();
        assertThat(count("SELECT count(*) - count(DISTINCT key) FROM proof.inside"))
                .as("%s: effects twice", proof)
                .isZero();
        assertThat(count("SELECT count(*) FROM lockstep.outbox o FULL JOIN proof.inside i ON i.key = o.key"
                        + " WHERE o.key IS NULL OR i.key IS NULL"))
                .as("%s: effects without a change, or changes without an effect", proof)
                .isZero();
        assertThat(count("SELECT count(*) FROM proof.inside i WHERE NOT EXISTS (SELECT FROM proof.outside o"
                        + " WHERE o.key = i.key)"))
                .as("%s: effects outside that never happened", proof)
                .isZero();
    }

    /** The mirror is what WorkOS has, and each living object was told as new once. */
    void assertSameAs(SimulatedWorkOs workOs, String proof) {
        Mirror mirror = new Mirror(database);
        JsonMapper json = JsonMapper.shared();
        for (ObjectKind kind : ObjectKind.values()) {
            String table = Mirror.table(kind);
            Map<String, JsonNode> alive = new TreeMap<>();
            mirror.rows(table).forEach((id, row) -> {
                if (!row.deleted()) {
                    alive.put(id, json.readTree(row.raw()));
                }
            });
            Map<String, JsonNode> truth = new TreeMap<>();
            workOs.alive(kind).forEach((id, object) -> truth.put(id, json.readTree(object)));
            assertThat(alive).as("%s: %s", proof, table).isEqualTo(truth);
        }
        for (String kind : List.of("user", "organization", "organization_membership", "session")) {
            assertThat(count("SELECT count(*) FROM workos." + kind + "s t WHERE t.deleted_at IS NULL AND NOT EXISTS ("
                            + "SELECT FROM proof.inside i WHERE i.key = '" + kind + ".created/' || t.id)"))
                    .as("%s: living objects of the kind %s that nobody was told of", proof, kind)
                    .isZero();
        }
    }

    @Override
    public void close() {
        pool.close();
        server.close();
    }
}
