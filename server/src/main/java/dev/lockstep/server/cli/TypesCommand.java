package dev.lockstep.server.cli;

import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.types.ApiFile;
import dev.lockstep.starter.LiveFunctionSource;
import dev.lockstep.starter.functions.BuiltInFunctions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code types}: writes the references and types of the live functions for pages. It needs no database. */
@Command(
        name = "types",
        mixinStandardHelpOptions = true,
        description = "Writes api.ts: the live functions as TypeScript, from the Java records.",
        footer = {"", "Exit codes: 0 written or up to date, 1 stale (--check) or failed."})
final class TypesCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--out", defaultValue = "api.ts", description = "The file (default: ${DEFAULT-VALUE}).")
    Path out = Path.of("api.ts");

    @Option(names = "--name", defaultValue = "LockstepApi", description = "What the type is called.")
    String name = "LockstepApi";

    @Option(names = "--check", description = "Writes nothing; fails when the file is not what would be written.")
    boolean check;

    @Option(names = "--without-built-in", description = "Leaves out the functions that Lockstep brings along.")
    boolean withoutBuiltIn;

    @Parameters(
            paramLabel = "CLASS",
            description = "Classes on the class path whose functions are added: with annotated methods, or a"
                    + " LiveFunctionSource with a constructor without parameters.")
    List<String> classes = List.of();

    @Override
    public Integer call() throws IOException {
        PrintWriter print = Objects.requireNonNull(spec).commandLine().getOut();
        String text = ApiFile.of(functions(), name);
        boolean same = Files.exists(out) && Files.readString(out).equals(text);
        if (check) {
            print.println(same ? out + " is up to date." : out + " is stale. Run: lockstep types --out " + out);
            return same ? 0 : 1;
        }
        if (!same) {
            Files.writeString(out, text, StandardCharsets.UTF_8);
        }
        print.println(same ? out + " is up to date." : "Wrote " + out + ".");
        return 0;
    }

    private LiveFunctions functions() {
        LiveFunctions.Builder functions = LiveFunctions.builder();
        if (!withoutBuiltIn) {
            BuiltInFunctions.register(functions);
        }
        for (String type : classes) {
            add(functions, type);
        }
        return functions.build();
    }

    private static void add(LiveFunctions.Builder functions, String name) {
        try {
            Class<?> type = Class.forName(name);
            if (LiveFunctionSource.class.isAssignableFrom(type)) {
                var constructor = type.getDeclaredConstructor();
                constructor.setAccessible(true);
                ((LiveFunctionSource) constructor.newInstance()).addTo(functions);
            } else {
                functions.describe(type);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    name + " is not on the class path, or it cannot be made without parameters.", e);
        }
    }
}
