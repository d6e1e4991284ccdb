package dev.lockstep.sync.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.freshness.RateBudgets.Noted;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.Priority;
import dev.lockstep.workos.RateBudget;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RateBudgetsTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());
    private final AtomicLong now = new AtomicLong();
    private final RateBudget environment = new RateBudget(100, 50, now::get);
    private final RateBudget directory = new RateBudget(4, 4, now::get);
    private final Map<String, RateBudget> budgets = new LinkedHashMap<>();
    private final RateBudgets noted = new RateBudgets(database, new UUID(0, 1), "server", () -> budgets);

    private List<Noted> read() {
        return database.read(tx -> RateBudgets.read(tx, 10));
    }

    @Test
    void everyProcessIsShownWithWhatItUsedAndHowItWasRefused() throws InterruptedException {
        budgets.put(RateBudgets.ENVIRONMENT, environment);
        environment.acquire(Priority.TAIL, Duration.ZERO);
        environment.refused(Duration.ofSeconds(3));
        noted.note();
        new RateBudgets(
                        database,
                        new UUID(0, 2),
                        "backfill",
                        () -> Map.of(RateBudgets.ENVIRONMENT, new RateBudget(80, 20, now::get)))
                .note();

        List<Noted> both = read();

        assertThat(both).extracting(Noted::label).containsExactlyInAnyOrder("server", "backfill");
        assertThat(both.getFirst().label()).as("who was refused comes first").isEqualTo("server");
        RateBudget.Standing standing = both.getFirst().standing();
        assertThat(standing.used()).isEqualTo(1);
        assertThat(standing.perSecond()).isEqualTo(50);
        assertThat(standing.refusal().retryAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(standing.refusal().ago()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
    }

    @Test
    void aDirectoryIsWrittenDownWhileItIsWalkedOnly() throws InterruptedException {
        budgets.put(RateBudgets.ENVIRONMENT, environment);
        budgets.put("directory_1", directory);
        directory.acquire(Priority.BACKFILL, Duration.ZERO);
        noted.note();
        assertThat(read()).extracting(Noted::scope).containsExactly(RateBudgets.ENVIRONMENT, "directory_1");

        database.write(tx -> tx.sql("UPDATE lockstep.rate_budget SET noted_at = noted_at - interval '2 minutes'")
                .update());
        noted.note();
        assertThat(read()).extracting(Noted::scope).containsExactly(RateBudgets.ENVIRONMENT);
    }
}
