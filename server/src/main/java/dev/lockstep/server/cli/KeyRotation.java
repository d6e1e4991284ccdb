package dev.lockstep.server.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way from one cookie password to the next, as three changes of an environment file with a restart of all nodes after
 * each, so that at no moment a node meets a cookie that it cannot open: learn the new one, seal with it, forget the old
 * one. Pure; reads and writes nothing.
 */
final class KeyRotation {
    private static final String PASSWORD = "WORKOS_COOKIE_PASSWORD";
    private static final String NEXT = "WORKOS_COOKIE_PASSWORD_NEXT";
    private static final String PREVIOUS = "WORKOS_COOKIE_PASSWORD_PREVIOUS";
    private static final String MAX_AGE = "WORKOS_COOKIE_MAX_AGE";
    private static final String SINCE = "# WORKOS_COOKIE_PASSWORD_PREVIOUS since ";
    private static final Duration DEFAULT_MAX_AGE = Duration.ofDays(7);

    private KeyRotation() {}

    /** What the next step is. */
    sealed interface Step {}

    /**
     * A change of the file.
     *
     * @param number 1 to 3
     * @param lines the file as it has to be
     * @param say what to do next; never a password
     */
    record Change(int number, List<String> lines, String say) implements Step {
        @Override
        public String toString() {
            return "Change[" + number + "]";
        }
    }

    /** Too early: there are still cookies that only the old password opens. */
    record Wait(Instant until) implements Step {}

    /** Nothing to do it with. */
    record Impossible(String why) implements Step {}

    /**
     * Returns the step that the file is due for.
     *
     * @param fresh a new password
     * @param hurry whether to forget the old password although cookies under it may be around
     */
    static Step next(List<String> lines, String fresh, Instant now, boolean hurry) {
        Optional<String> current = value(lines, PASSWORD);
        if (current.isEmpty()) {
            return new Impossible(PASSWORD + " is not in the file; name the file that your nodes get it from");
        }
        Optional<String> coming = value(lines, NEXT);
        boolean old = value(lines, PREVIOUS).isPresent();
        if (coming.isPresent() && old) {
            return new Impossible("the file holds both " + NEXT + " and " + PREVIOUS
                    + "; one change at a time: remove the one that is not of this change");
        }
        if (coming.isPresent()) {
            return promote(lines, current.get(), coming.get(), now);
        }
        return old ? forget(lines, now, hurry) : learn(lines, fresh);
    }

    private static Step learn(List<String> lines, String fresh) {
        List<String> changed = new ArrayList<>();
        for (String line : lines) {
            changed.add(line);
            if (isOf(line, PASSWORD)) {
                changed.add(NEXT + "=" + fresh);
            }
        }
        return new Change(
                1,
                changed,
                "A new password is in the file. Restart every node, so that all of them can open what it seals; then run"
                        + " this again.");
    }

    private static Step promote(List<String> lines, String current, String coming, Instant now) {
        List<String> changed = new ArrayList<>();
        for (String line : lines) {
            if (isOf(line, PASSWORD)) {
                changed.add(PASSWORD + "=" + coming);
                changed.add(SINCE + now);
                changed.add(PREVIOUS + "=" + current);
            } else if (!isOf(line, NEXT)) {
                changed.add(line);
            }
        }
        return new Change(
                2,
                changed,
                "The new password seals from now on, the old one still opens. Restart every node; run this again after "
                        + now.plus(maxAge(lines)) + ", when the last cookie under the old one has run out.");
    }

    private static Step forget(List<String> lines, Instant now, boolean hurry) {
        Instant until = since(lines).map(start -> start.plus(maxAge(lines))).orElse(null);
        if (!hurry && until != null && now.isBefore(until)) {
            return new Wait(until);
        }
        List<String> changed = lines.stream()
                .filter(line -> !isOf(line, PREVIOUS) && !line.startsWith(SINCE))
                .toList();
        return new Change(3, changed, "The old password is forgotten. Restart every node; the change is complete.");
    }

    private static Optional<Instant> since(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(SINCE))
                .findFirst()
                .map(line -> instant(line.substring(SINCE.length()).strip()));
    }

    private static @Nullable Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException notATime) {
            return null;
        }
    }

    private static Duration maxAge(List<String> lines) {
        return value(lines, MAX_AGE)
                .filter(text -> text.matches("\\d{1,9}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(DEFAULT_MAX_AGE);
    }

    private static Optional<String> value(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> isOf(line, name))
                .map(line -> line.substring(line.indexOf('=') + 1).strip())
                .filter(text -> !text.isEmpty())
                .reduce((first, last) -> last);
    }

    private static boolean isOf(String line, String name) {
        String bare = line.startsWith("export ") ? line.substring("export ".length()) : line;
        return bare.startsWith(name + "=");
    }
}
