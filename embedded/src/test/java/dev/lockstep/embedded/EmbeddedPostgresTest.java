package dev.lockstep.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real servers, real kills. */
final class EmbeddedPostgresTest {
    @TempDir
    static Path binaries;

    @TempDir
    Path folder;

    @Test
    void aFreshFolderBecomesADurableUtf8Cluster() throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            assertThat(query(postgres, "select current_setting('fsync') || current_setting('synchronous_commit')"))
                    .isEqualTo("onon");
            assertThat(query(postgres, "select current_setting('full_page_writes')"))
                    .isEqualTo("on");
            assertThat(query(postgres, "select current_setting('listen_addresses')"))
                    .isEqualTo("127.0.0.1");
            assertThat(query(postgres, "select current_setting('wal_level')")).isEqualTo("logical");
            assertThat(query(
                            postgres,
                            "select concat(pg_encoding_to_char(encoding), datlocprovider, datlocale)"
                                    + " from pg_database where datname = current_database()"))
                    .isEqualTo("UTF8bC.UTF-8");
            assertThat(query(postgres, "select current_setting('server_version_num')::int >= 180000"))
                    .isEqualTo("t");
        }
    }

    @Test
    void aWrongPasswordIsRefusedAndTheRightOneStandsInAPrivateFile() throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), "guess"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
            Path file = home().resolve("password");
            assertThat(Files.readString(file)).isEqualTo(postgres.password()).hasSizeGreaterThan(30);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aWarmStartFindsItsRowsAndItsPasswordAgain() throws SQLException {
        String password;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            execute(postgres, "create table kept (n int)");
            execute(postgres, "insert into kept values (1)");
            password = postgres.password();
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            assertThat(postgres.password()).isEqualTo(password);
            assertThat(query(postgres, "select count(*) from kept")).isEqualTo("1");
        }
    }

    @Test
    void closingEndsTheServerProcessAndMayBeRepeated() {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(settings());
        long pid = postgres.pid();
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive)).contains(true);
        postgres.close();
        assertThat(postgres.isRunning()).isFalse();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(home().resolve("cluster/postmaster.pid")).doesNotExist();
        postgres.close();
    }

    @Test
    void aKilledServerKeepsEveryCommittedRow() throws SQLException {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(settings());
        execute(postgres, "create table kept (n int)");
        for (int n = 0; n < 200; n++) {
            execute(postgres, "insert into kept values (" + n + ")");
        }
        ProcessHandle server = ProcessHandle.of(postgres.pid()).orElseThrow();
        server.destroyForcibly();
        server.onExit().join();
        postgres.close();
        assertThat(home().resolve("cluster/postmaster.pid")).exists();
        try (EmbeddedPostgres again = EmbeddedPostgres.start(settings())) {
            assertThat(query(again, "select count(*) || '/' || max(n) from kept"))
                    .isEqualTo("200/199");
        }
    }

    @Test
    void theOrphanOfAKilledJavaProcessIsReplacedAndItsRowsAreThere()
            throws IOException, InterruptedException, SQLException {
        Process java = killable(binaries, home()).start();
        String[] ready = awaitReady(java);
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + ready[1] + "/postgres", "postgres", ready[3]);
                Statement statement = connection.createStatement()) {
            statement.execute("create table kept as select 42 as n");
        }
        assertThatThrownBy(() -> EmbeddedPostgres.start(settings()))
                .isInstanceOfSatisfying(
                        PostgresProblem.class,
                        e -> assertThat(e.code()).isEqualTo(PostgresProblem.Code.POSTGRES_ALREADY_RUNNING));
        assertThat(EmbeddedPostgres.stopAbandoned(home())).isFalse();

        java.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        ProcessHandle orphan = ProcessHandle.of(Long.parseLong(ready[2])).orElseThrow();
        assertThat(orphan.isAlive()).isTrue();

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            assertThat(orphan.isAlive()).isFalse();
            assertThat(query(postgres, "select n from kept")).isEqualTo("42");
        }
    }

    @Test
    void aPidFileWhoseNumberBelongsToAnotherProgramByNowIsIgnored() throws IOException, SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            execute(postgres, "create table kept as select 7 as n");
        }
        // A program that even mentions PostgreSQL and works in that folder is still not the server.
        Process stranger = new ProcessBuilder("sh", "-c", "sleep 60; : postgres -D " + home().resolve("cluster"))
                .directory(home().resolve("cluster").toFile())
                .start();
        try {
            Path cluster = home().resolve("cluster");
            Files.write(
                    cluster.resolve("postmaster.pid"),
                    List.of(Long.toString(stranger.pid()), cluster.toString(), "1", "1", "", "127.0.0.1", "", "ready"));
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
                assertThat(query(postgres, "select n from kept")).isEqualTo("7");
            }
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.descendants().forEach(ProcessHandle::destroyForcibly);
            stranger.destroyForcibly();
        }
    }

    @Test
    void twoStartsOnOneFolderEndWithAClearProblem() {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(settings()))
                    .isInstanceOf(PostgresProblem.class)
                    .hasMessageContaining("POSTGRES_ALREADY_RUNNING")
                    .hasMessageContaining(home().toString());
            assertThat(postgres.isRunning()).isTrue();
        }
    }

    @Test
    void aHalfMadeClusterOfACrashedStartIsMadeAnew() throws IOException, SQLException {
        Path half = Files.createDirectories(home().resolve("cluster.unfinished"));
        Files.writeString(half.resolve("PG_VERSION"), "18");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings())) {
            assertThat(query(postgres, "select 1")).isEqualTo("1");
            assertThat(half).doesNotExist();
        }
    }

    @Test
    void aLostPasswordFileIsReportedAndNothingIsOverwritten() throws IOException {
        EmbeddedPostgres.start(settings()).close();
        Files.delete(home().resolve("password"));
        assertThatThrownBy(() -> EmbeddedPostgres.start(settings())).hasMessageContaining("POSTGRES_PASSWORD_LOST");
        assertThat(home().resolve("cluster/PG_VERSION")).exists();
    }

    @Test
    void aServerThatCannotStartIsReportedWithItsOwnWordsAndLeavesTheFolderFree() {
        EmbeddedPostgresSettings wrong = settings().withParameters(Map.of("shared_buffers", "nonsense"));
        assertThatThrownBy(() -> EmbeddedPostgres.start(wrong))
                .hasMessageContaining("POSTGRES_START_FAILED")
                .hasMessageContaining("shared_buffers");
        EmbeddedPostgres.start(settings()).close();
    }

    @Test
    void onlyAThrowAwayClusterSkipsTheDisk() throws SQLException {
        assertThat(settings().throwAwayWithoutFsync()).isFalse();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings().throwAway())) {
            assertThat(query(postgres, "select current_setting('fsync')")).isEqualTo("off");
        }
    }

    @Test
    void whereUserNamespacesAreBlockedAnotherWayToStepDownIsFound() throws IOException, SQLException {
        Path open = Files.createTempDirectory("lockstep-embedded-test");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path broken = Files.createDirectories(open.resolve("bin")).resolve("unshare");
        Files.writeString(broken, "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwxr-xr-x"));
        ProcessBuilder builder = killable(open.resolve("binaries"), open.resolve("home"));
        builder.environment().merge("PATH", broken.getParent() + ":", (old, added) -> added + old);
        Process java = builder.start();
        try {
            String[] ready = awaitReady(java);
            try (Connection connection = DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + ready[1] + "/postgres", "postgres", ready[3])) {
                assertThat(connection.isValid(5)).isTrue();
            }
            boolean root = "root".equals(System.getProperty("user.name"));
            assertThat(Files.getAttribute(open.resolve("home/cluster"), "unix:uid"))
                    .isEqualTo(root ? 65_534 : Files.getAttribute(open, "unix:uid"));
        } finally {
            java.destroyForcibly().onExit().join();
            assertThat(EmbeddedPostgres.stopAbandoned(open.resolve("home"))).isTrue();
            Folders.deleteAll(open);
        }
    }

    @Test
    void anUnknownPlatformIsNamedWithTheWayOut() {
        assertThatThrownBy(() -> Binaries.archiveName("SunOS", "sparc"))
                .hasMessageContaining("POSTGRES_PLATFORM_UNSUPPORTED")
                .hasMessageContaining("DATABASE_URL");
        assertThat(Binaries.archiveName("Linux", "aarch64")).isEqualTo("postgres-linux-arm_64.txz");
        assertThat(Binaries.archiveName("Mac OS X", "x86_64")).isEqualTo("postgres-darwin-x86_64.txz");
    }

    private EmbeddedPostgresSettings settings() {
        return EmbeddedPostgresSettings.in(binaries, home());
    }

    private Path home() {
        return folder.resolve("home");
    }

    private static ProcessBuilder killable(Path programs, Path home) {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Killable.class.getName(),
                        programs.toString(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    private static String[] awaitReady(Process java) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(java.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("READY ")) {
                return line.split(" ");
            }
        }
        throw new AssertionError("the process ended before it was ready");
    }

    private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
    }
}
