package dev.lockstep.sync.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sync.SimulatedWorkOs;
import dev.lockstep.sync.Traffic;
import dev.lockstep.sync.backfill.Backfill.Start;
import dev.lockstep.sync.projection.Mirror;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backfill is killed as a process, at once and without a word (SIGKILL), while it reads, again and again, and goes on
 * each time. Sizes and seed can be set: {@code -Dlockstep.backfill.kills=100 -Dlockstep.backfill.seed=7}.
 */
class BackfillKillProofTest {
    private static final int KILLS = Integer.getInteger("lockstep.backfill.kills", 3);
    private static final long SEED = Long.getLong("lockstep.backfill.seed", 20_261_121L);
    private static final int EVENTS = 400 + 60 * KILLS;
    private static final int LANES = 2;
    private static final int MOST_PAGES = 9;

    @TempDir
    static Path folder;

    private final Random random = new Random(SEED);
    private final List<String> pages = new ArrayList<>();

    @Test
    void killedAsAProcessItGoesOnWhereItStoodAndEndsAsWorkOsIs() throws Exception {
        SimulatedWorkOs workOs = BackfillVictim.history(SEED, EVENTS);
        try (ProofDatabase database = ProofDatabase.start(folder)) {
            int kills = 0;
            boolean complete = false;
            while (!complete) {
                int after = kills < KILLS ? 1 + random.nextInt(MOST_PAGES) : Integer.MAX_VALUE;
                complete = runUntil(database, pages.isEmpty() ? Start.FRESH : Start.RESUME, after);
                kills += complete ? 0 : 1;
            }

            new Traffic(database.database(), workOs, SEED).assertListedKindsAreSame(new Mirror(database.database()));
            int again = pages.size() - new HashSet<>(pages).size();
            assertThat(kills).isEqualTo(KILLS);
            assertThat(again).as("pages read again in %d kills", kills).isLessThanOrEqualTo(kills * LANES);
            System.out.printf(
                    "backfill proof: seed %d, %d lanes, killed %d times as a process, %d pages, %d of them read again, 0"
                            + " divergent%n",
                    SEED, LANES, kills, pages.size(), again);
        }
    }

    /** Runs it and kills it while so many pages were asked for; true when it came to its end before. */
    private boolean runUntil(ProofDatabase database, Start start, int pagesToSee) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx192m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                BackfillVictim.class.getName()));
        command.addAll(database.address());
        command.addAll(List.of(start.name(), Integer.toString(LANES), Long.toString(SEED), Integer.toString(EVENTS)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean complete = false;
        int seen = 0;
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                assertThat(line).isNotEqualTo("incomplete");
                complete |= line.equals("complete");
                if (line.startsWith("page ")) {
                    pages.add(line);
                    seen++;
                    if (seen == pagesToSee) {
                        process.toHandle().destroyForcibly();
                    }
                }
            }
        }
        process.destroyForcibly().onExit().join();
        return complete;
    }
}
