package dev.lockstep.starter.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.LiveMutation;
import dev.lockstep.live.function.LiveQuery;
import dev.lockstep.live.function.MutationContext;
import dev.lockstep.starter.LiveFunctionSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiTypesTest {
    @TempDir
    Path folder;

    /** What an application has. */
    static final class Boxes {
        record Box(String label) {}

        Boxes(List<Box> needed) {
            assertThat(needed).isNotNull();
        }

        @LiveQuery("boxes:all")
        List<Box> all() {
            return List.of();
        }

        @LiveMutation("boxes:put")
        void put(MutationContext context, Box box) {
            throw new IllegalStateException("only described");
        }
    }

    /** The other way to have functions. */
    static final class Source implements LiveFunctionSource {
        @Override
        public void addTo(LiveFunctions.Builder functions) {
            functions.query("crates:count", (context, args) -> 0.0);
        }
    }

    private Path file() {
        return folder.resolve("pages/api.ts");
    }

    @Test
    void aBuildWritesTheFunctionsOfAWholePackageWithoutMakingTheirBeans() throws Exception {
        ApiTypes.main(new String[] {
            "--without-built-in", "--name", "Ours", file().toString(), "dev.lockstep.starter.functions.*"
        });
        assertThat(Files.readString(file()))
                .contains("export type Ours = {")
                .contains("all: FunctionReference<\"query\", \"public\", Record<string, never>, Box[]>;")
                .contains("put: FunctionReference<\"mutation\", \"public\", { label: string }, null>;")
                .contains("count: FunctionReference<\"query\", \"public\", Record<string, never>, unknown>;")
                .doesNotContain("users");
    }

    @Test
    void aCheckFailsForAMissingAndForAStaleFileAndLeavesThemAsTheyAre() throws Exception {
        String[] check = {"--check", file().toString(), Boxes.class.getName()};
        assertThatThrownBy(() -> ApiTypes.main(check)).hasMessageContaining("Build once without --check");
        assertThat(file()).doesNotExist();

        ApiTypes.main(new String[] {file().toString(), Boxes.class.getName()});
        ApiTypes.main(check);
        Files.writeString(file(), Files.readString(file()).replace("label: string", "label: number"));
        assertThatThrownBy(() -> ApiTypes.main(check)).isInstanceOf(IllegalStateException.class);
        assertThat(Files.readString(file())).contains("label: number");
    }

    @Test
    void whatIsCurrentIsNotWrittenAgain() throws Exception {
        ApiTypes types = new ApiTypes(file(), "Ours", true, List.of());
        assertThat(types.write()).isTrue();
        assertThat(types.write()).isFalse();
    }

    @Test
    void aWrongWordIsToldWithTheRightOnes() {
        assertThatThrownBy(() -> ApiTypes.main(new String[] {"--chekc", "api.ts"}))
                .hasMessageContaining("there is no option --chekc. Usage: ");
        assertThatThrownBy(() -> ApiTypes.main(new String[0])).hasMessageContaining("the file is missing");
        assertThatThrownBy(() -> ApiTypes.main(new String[] {file().toString(), "dev.lockstep.nowhere.*"}))
                .hasMessageContaining("There is no live function in the package");
        assertThatThrownBy(() -> ApiTypes.main(new String[] {file().toString(), "dev.lockstep.Nothing"}))
                .hasMessageContaining("is not on the class path");
    }
}
