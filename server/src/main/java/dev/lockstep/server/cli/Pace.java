package dev.lockstep.server.cli;

import dev.lockstep.sync.projection.Mirrored;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What to walk over and how fast. */
final class Pace {
    private static final int FASTEST = 100;
    private static final int WIDEST = 64;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "KIND",
            description = "Only these kinds, such as users,organizations (default: all).")
    List<String> only = List.of();

    @Option(
            names = "--rate",
            defaultValue = "80",
            description = "Calls a second at most, up to 100 (default: ${DEFAULT-VALUE}).")
    int rate;

    @Option(
            names = "--lanes",
            defaultValue = "8",
            description = "How many lists are read at a time, up to 64 (default: ${DEFAULT-VALUE}).")
    int lanes;

    /** Says what to walk over, and refuses wrong words first of all. */
    Set<Mirrored> kinds(@Nullable CommandSpec spec) {
        if (spec != null && (rate < 1 || rate > FASTEST || lanes < 1 || lanes > WIDEST)) {
            throw new ParameterException(
                    spec.commandLine(), "--rate goes from 1 to " + FASTEST + " and --lanes from 1 to " + WIDEST);
        }
        try {
            return WorkOsTarget.kinds(only);
        } catch (IllegalArgumentException e) {
            if (spec == null) {
                throw e;
            }
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    int rate() {
        return rate;
    }

    int lanes() {
        return lanes;
    }

    PrintWriter err(@Nullable CommandSpec spec) {
        return Optional.ofNullable(spec)
                .map(found -> found.commandLine().getErr())
                .orElseGet(() -> new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }
}
