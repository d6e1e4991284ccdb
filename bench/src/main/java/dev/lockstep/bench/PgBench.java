package dev.lockstep.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * PostgreSQL's own {@code pgbench} with the writes of a mutation, where it is installed: it is not among the programs that
 * Lockstep unpacks.
 */
final class PgBench {
    private static final Pattern RATE = Pattern.compile("^tps = ([0-9.]+)", Pattern.MULTILINE);
    private static final String SCRIPT = """
            \\set id random(0, :rows - 1)
            BEGIN ISOLATION LEVEL SERIALIZABLE;
            INSERT INTO lockstep.live_request (identity, client_session, request_id, ts, result)
            VALUES ('pgbench', gen_random_uuid(), 0, pg_current_xact_id()::text::bigint, to_jsonb('null'::text));
            UPDATE app.bench SET value = 'v' || :id, hits = hits + 1 WHERE id = 'row' || :id;
            COMMIT;
            """;

    private final Path program;

    private PgBench(Path program) {
        this.program = program;
    }

    /** The one on the path, or the newest one where Debian puts them. */
    static Optional<PgBench> find() throws IOException {
        List<Path> places = new ArrayList<>();
        for (String folder :
                Optional.ofNullable(System.getenv("PATH")).orElse("").split(":", -1)) {
            places.add(Path.of(folder, "pgbench"));
        }
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.map(version -> version.resolve("bin/pgbench"))
                        .sorted(java.util.Comparator.reverseOrder())
                        .forEach(places::add);
            }
        }
        return places.stream().filter(Files::isExecutable).findFirst().map(PgBench::new);
    }

    /** Transactions a second, conflicts tried again. */
    double rate(RoomProcess room, int rows, int clients, int seconds) throws IOException, InterruptedException {
        URI database = URI.create(room.jdbcUrl().substring("jdbc:".length()));
        Path script = Files.createTempFile("pgbench", ".sql");
        try {
            Files.writeString(script, SCRIPT);
            ProcessBuilder command = new ProcessBuilder(
                    program.toString(),
                    "-n",
                    "-M",
                    "prepared",
                    "--max-tries=100",
                    "-c",
                    Integer.toString(clients),
                    "-j",
                    "2",
                    "-T",
                    Integer.toString(seconds),
                    "-D",
                    "rows=" + rows,
                    "-f",
                    script.toString(),
                    "-h",
                    database.getHost(),
                    "-p",
                    Integer.toString(database.getPort()),
                    "-U",
                    room.username(),
                    database.getPath().substring(1));
            command.environment().putAll(Map.of("PGPASSWORD", room.password()));
            Process process = command.redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher rate = RATE.matcher(said);
            if (process.waitFor() != 0 || !rate.find()) {
                throw new IOException("pgbench failed: " + said);
            }
            return Double.parseDouble(rate.group(1));
        } finally {
            Files.delete(script);
        }
    }
}
