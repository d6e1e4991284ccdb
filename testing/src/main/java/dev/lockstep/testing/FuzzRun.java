package dev.lockstep.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Lets Jazzer look for inputs that a parser cannot stand, in a process of its own: whatever the target throws, and
 * whatever takes it ten seconds, is a find. What it learns stays in {@code target/fuzz}, so that the next run goes on
 * from there. The module has to have {@code com.code-intelligence:jazzer} on its test class path.
 */
public final class FuzzRun {
    /** How long each target is fed in an ordinary test run. */
    private static final int SECONDS = Integer.getInteger("lockstep.fuzz.seconds", 5);

    private static final int LONGEST_INPUT = 8192;
    private static final int SECONDS_FOR_ONE_INPUT = 10;
    private static final int SHOWN = 6_000;

    private FuzzRun() {}

    /** What came of it; {@code found} is the end of what Jazzer said when it found something, and empty otherwise. */
    public record Outcome(String found) {}

    /**
     * Feeds the target's {@code fuzzerTestOneInput(byte[])} for the seconds of {@code -Dlockstep.fuzz.seconds}.
     *
     * @param target a public class
     * @param seeds inputs to begin from
     */
    public static Outcome of(Class<?> target, Collection<byte[]> seeds) throws InterruptedException {
        try {
            Path folder = Path.of("target", "fuzz", target.getSimpleName()).toAbsolutePath();
            Path corpus = Files.createDirectories(folder.resolve("corpus"));
            int number = 0;
            for (byte[] seed : seeds) {
                Files.write(corpus.resolve("seed-" + number++), seed);
            }
            Path log = folder.resolve("log");
            Process jazzer = new ProcessBuilder(command(target, corpus))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                return jazzer.waitFor() == 0 ? new Outcome("") : new Outcome(end(log));
            } finally {
                jazzer.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(Class<?> target, Path corpus) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add("com.code_intelligence.jazzer.Jazzer");
        command.add("--target_class=" + target.getName());
        command.add("--instrumentation_includes=dev.lockstep.**");
        command.add("--custom_hook_includes=dev.lockstep.**");
        command.add("-max_total_time=" + SECONDS);
        command.add("-max_len=" + LONGEST_INPUT);
        command.add("-timeout=" + SECONDS_FOR_ONE_INPUT);
        command.add("-rss_limit_mb=0");
        command.add(corpus.toString());
        return command;
    }

    private static String end(Path log) throws IOException {
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        return "Jazzer found something, or could not run. Its log ends so (" + log + "):\n"
                + said.substring(Math.max(0, said.length() - SHOWN));
    }
}
