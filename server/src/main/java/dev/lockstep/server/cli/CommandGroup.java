package dev.lockstep.server.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A verb that only has verbs below it: called by itself it shows them and ends with 2, as for wrong words. */
abstract class CommandGroup implements Callable<Integer> {
    @Spec
    @Nullable
    private CommandSpec spec;

    @Override
    public final Integer call() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
        return 2;
    }
}
