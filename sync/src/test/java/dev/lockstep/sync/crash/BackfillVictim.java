package dev.lockstep.sync.crash;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.store.Database;
import dev.lockstep.sync.SimulatedWorkOs;
import dev.lockstep.sync.backfill.Backfill;
import dev.lockstep.sync.backfill.Backfill.Start;
import dev.lockstep.sync.backfill.SimulatedLists;

/** A backfill in a process of its own, to be killed: it says which page it asks for, and in the end that it is complete. */
final class BackfillVictim {
    static final int PAGE = 5;

    private BackfillVictim() {}

    /** The history that both processes know. */
    static SimulatedWorkOs history(long seed, int events) {
        SimulatedWorkOs workOs = new SimulatedWorkOs(seed);
        workOs.live(events);
        return workOs;
    }

    public static void main(String[] arguments) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setUsername(arguments[1]);
        config.setPassword(arguments[2]);
        config.setMaximumPoolSize(8);
        Start start = Start.valueOf(arguments[3]);
        int lanes = Integer.parseInt(arguments[4]);
        SimulatedLists lists =
                new SimulatedLists(history(Long.parseLong(arguments[5]), Integer.parseInt(arguments[6])), PAGE);
        lists.onAsking = page -> System.out.println("page " + page);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            Backfill.Summary summary =
                    new Backfill(new Database(pool), lists, "proof", lanes, () -> {}).run(start, totals -> {});
            System.out.println(summary.isComplete() ? "complete" : "incomplete");
        }
    }
}
