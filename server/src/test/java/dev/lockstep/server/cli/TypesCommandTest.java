package dev.lockstep.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.function.ActionContext;
import dev.lockstep.live.function.LiveAction;
import dev.lockstep.live.function.LiveQuery;
import dev.lockstep.live.function.QueryContext;
import dev.lockstep.live.shape.Page;
import dev.lockstep.live.shape.PageOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TypesCommandTest {
    private static final Path PAGES = Path.of("..", "web", "packages", "react", "src", "api.ts");

    private final StringWriter out = new StringWriter();

    /** What an application writes. */
    static final class Reports {
        record Asked(PageOptions paginationOpts, Map<String, Double> weights) {}

        record Report(long bytes, byte @Nullable [] body) {}

        @LiveQuery("reports/monthly:list")
        Page<Report> list(QueryContext context, Asked asked) {
            throw new IllegalStateException("only described");
        }

        @LiveAction("reports/monthly:make")
        void make(ActionContext context) {
            throw new IllegalStateException("only described");
        }

        @LiveQuery(value = "reports:hidden", internal = true)
        String hidden() {
            return "";
        }
    }

    private int run(String... words) {
        CommandLine line = LockstepCommand.line();
        line.setOut(new PrintWriter(out));
        return line.execute(words);
    }

    @Test
    void thePagesCompileAgainstWhatTheServerOffers() {
        assertThat(run("types", "--check", "--out", PAGES.toString()))
                .as("web/packages/react/src/api.ts is stale: ./lockstep types --out web/packages/react/src/api.ts")
                .isZero();
    }

    @Test
    void aStaleFileIsToldAndWritingMendsIt(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("api.ts");
        Files.writeString(file, "export const api = {};\n");
        assertThat(run("types", "--check", "--out", file.toString())).isEqualTo(1);
        assertThat(run("types", "--out", file.toString())).isZero();
        assertThat(run("types", "--check", "--out", file.toString())).isZero();
    }

    @Test
    void theFunctionsOfAnApplicationAreWrittenFromItsClassAlone(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("api.ts");
        assertThat(run(
                        "types",
                        "--without-built-in",
                        "--name",
                        "Api",
                        "--out",
                        file.toString(),
                        Reports.class.getName()))
                .isZero();
        assertThat(Files.readString(file))
                .contains("type PaginationOptions, type PaginationResult }")
                .contains("export type Report = {\n  bytes: bigint;\n  body: ArrayBuffer | null;\n};")
                .contains("reports: {\n    monthly: {\n      list: FunctionReference<\"query\", \"public\","
                        + " { paginationOpts: PaginationOptions; weights: Record<string, number> },"
                        + " PaginationResult<Report>>;")
                .contains("make: FunctionReference<\"action\", \"public\", Record<string, never>, null>;")
                .doesNotContain("hidden");
    }
}
