package dev.lockstep.server.cli;

import dev.lockstep.starter.functions.ApiTypes;
import java.io.IOException;
import java.io.PrintWriter;
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
                    + " LiveFunctionSource with a constructor without parameters. A package with .* behind it names all"
                    + " of them in it and below.")
    List<String> classes = List.of();

    @Override
    public Integer call() throws IOException {
        PrintWriter print = Objects.requireNonNull(spec).commandLine().getOut();
        ApiTypes types = new ApiTypes(out, name, !withoutBuiltIn, classes);
        if (check) {
            boolean current = types.isCurrent();
            print.println(current ? out + " is up to date." : out + " is stale. Run: lockstep types --out " + out);
            return current ? 0 : 1;
        }
        print.println(types.write() ? "Wrote " + out + "." : out + " is up to date.");
        return 0;
    }
}
