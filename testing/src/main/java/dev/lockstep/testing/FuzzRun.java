package dev.lockstep.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets Jazzer look for inputs that a parser cannot stand, in a process of its own: whatever the target throws, and
 * whatever takes it ten seconds, is a find. What it learns stays in {@code target/fuzz}, so that the next run goes on
 * from there. The module has to have {@code com.code-intelligence:jazzer} on its test class path.
 */
public final class FuzzRun {
    /** How long each target is fed in an ordinary test run. */
    private static final int SECONDS = Integer.getInteger("lockstep.fuzz.seconds", 5);

    /** The same inputs with every ordinary run; {@code 0} is a new seed. */
    private static final long SEED = Long.getLong("lockstep.fuzz.seed", 20261121);

    private static final int LONGEST_INPUT = 8192;
    private static final int SECONDS_FOR_ONE_INPUT = 10;
    private static final int SHOWN = 6_000;
    private static final Pattern DONE = Pattern.compile("^#(\\d+)\\s+DONE", Pattern.MULTILINE);

    /** A run has a time, not a number of inputs: on a machine with other things to do the first may be over at once. */
    private static final int LEAST_INPUTS = 100;

    private static final int MOST_RUNS = 10;

    private FuzzRun() {}

    /**
     * What came of it.
     *
     * @param found the end of what Jazzer said when it found something, and empty otherwise
     * @param inputs how many inputs the target was fed
     */
    public record Outcome(String found, long inputs) {}

    /**
     * Feeds the target's {@code fuzzerTestOneInput(byte[])} for the seconds of {@code -Dlockstep.fuzz.seconds}, and again
     * while that was too short for a hundred inputs.
     *
     * @param target a public class
     * @param seeds inputs to begin from
     */
    public static Outcome of(Class<?> target, Collection<byte[]> seeds) throws InterruptedException {
        Outcome all = new Outcome("", 0);
        for (int run = 0; run < MOST_RUNS && all.found().isEmpty() && all.inputs() <= LEAST_INPUTS; run++) {
            Outcome outcome = once(target, seeds);
            all = new Outcome(outcome.found(), all.inputs() + outcome.inputs());
        }
        return all;
    }

    private static Outcome once(Class<?> target, Collection<byte[]> seeds) throws InterruptedException {
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
                boolean fine = jazzer.waitFor() == 0;
                Outcome outcome = new Outcome(fine ? "" : end(log), inputs(log));
                System.out.printf(
                        Locale.ROOT,
                        "fuzz proof: %s, %,d inputs in %d s, %s%n",
                        target.getSimpleName(),
                        outcome.inputs(),
                        SECONDS,
                        fine ? "nothing found" : "something found");
                return outcome;
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
        command.add("-seed=" + SEED);
        command.add("-max_len=" + LONGEST_INPUT);
        command.add("-timeout=" + SECONDS_FOR_ONE_INPUT);
        command.add("-rss_limit_mb=0");
        command.add(corpus.toString());
        return command;
    }

    private static long inputs(Path log) throws IOException {
        Matcher count = DONE.matcher(Files.readString(log, StandardCharsets.ISO_8859_1));
        return count.find() ? Long.parseLong(count.group(1)) : 0;
    }

    private static String end(Path log) throws IOException {
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        return "Jazzer found something, or could not run. Its log ends so (" + log + "):\n"
                + said.substring(Math.max(0, said.length() - SHOWN));
    }
}
