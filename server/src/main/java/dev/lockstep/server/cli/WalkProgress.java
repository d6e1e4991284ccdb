package dev.lockstep.server.cli;

import dev.lockstep.sync.backfill.Totals;
import dev.lockstep.workos.RateBudget;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Shows how far a walk is: a bar on a terminal, a line now and then elsewhere. To be closed. */
final class WalkProgress implements Consumer<Totals>, AutoCloseable {
    private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintWriter err;
    private final RateBudget budget;
    private final long lastPages;
    private final long startedAt = System.nanoTime();
    private final @Nullable ProgressBar bar;
    private @Nullable Forecast forecast;
    private long saidAt = startedAt;

    /**
     * @param task what to call it
     * @param err where lines go when there is no terminal
     * @param quiet whether to show nothing at all
     * @param lastPages how many pages the last finished walk had; zero when there was none
     */
    WalkProgress(String task, PrintWriter err, boolean quiet, RateBudget budget, long lastPages) {
        this.err = err;
        this.budget = budget;
        this.lastPages = lastPages;
        this.bar = quiet || !CommandLine.Help.Ansi.AUTO.enabled()
                ? null
                : new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(lastPages > 0 ? lastPages : -1)
                        .setUnit(" pages", 1)
                        .setStyle(ProgressBarStyle.ASCII)
                        .hideEta()
                        .setUpdateIntervalMillis(200)
                        .build();
        if (quiet) {
            saidAt = Long.MAX_VALUE;
        }
    }

    /** Called by one thread at a time. */
    @Override
    public void accept(Totals totals) {
        long now = System.nanoTime();
        if (forecast == null) {
            forecast = new Forecast(lastPages, totals);
        }
        if (bar != null) {
            if (lastPages > 0 && totals.pages() > lastPages) {
                bar.maxHint(totals.pages());
            }
            bar.stepTo(totals.pages());
            bar.setExtraMessage(line(forecast, totals, Duration.ofNanos(now - startedAt)));
        } else if (now - saidAt > LINE_NANOS && saidAt != Long.MAX_VALUE) {
            saidAt = now;
            err.println(totals.pages() + " pages, " + line(forecast, totals, Duration.ofNanos(now - startedAt)));
            err.flush();
        }
    }

    private String line(Forecast known, Totals totals, Duration elapsed) {
        String left = known.left(totals, elapsed).map(WalkProgress::words).orElse("unknown");
        return String.format(
                Locale.ROOT,
                "%,d objects, %,.0f/s, lists %,d/%,d, left %s, budget %.0f calls/s",
                totals.seen(),
                known.rate(totals, elapsed),
                totals.shardsDone(),
                totals.shards(),
                left,
                budget.ratePerSecond());
    }

    private static String words(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds < 60
                ? seconds + " s"
                : seconds < 3600 ? seconds / 60 + " min" : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
