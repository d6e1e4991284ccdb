package dev.lockstep.sync.freshness;

import dev.lockstep.sync.freshness.MirroredObject.Kind;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a client has written or seen, so that its next read can wait for at least that. It sticks to the client, not to
 * a node: whoever gets it with a request asks {@link Freshness#await(ReadToken, java.time.Duration)}. It grants
 * nothing; a forged one only makes its own bearer wait.
 *
 * @param parts at least one, at most {@value #MOST_PARTS}, of distinct objects
 */
public record ReadToken(List<Part> parts) {
    /** How many objects a token may name. */
    public static final int MOST_PARTS = 8;

    private static final int LONGEST_TEXT = 4_000;
    private static final String BETWEEN_PARTS = "\n";
    private static final String BETWEEN_FIELDS = " ";

    /**
     * One object and how new it has to be.
     *
     * @param object which
     * @param updatedAt what the object said of itself
     */
    public record Part(MirroredObject object, Instant updatedAt) {}

    public ReadToken {
        parts = List.copyOf(parts);
        if (parts.isEmpty() || parts.size() > MOST_PARTS) {
            throw new IllegalArgumentException(
                    "a read token names 1 to " + MOST_PARTS + " objects, not " + parts.size());
        }
    }

    static ReadToken of(MirroredObject object, Instant updatedAt) {
        return new ReadToken(List.of(new Part(object, updatedAt)));
    }

    /**
     * Returns a token that also waits for what the other one names; the newer version of each object counts. When both
     * together name too many objects, those of the other one stay.
     */
    public ReadToken and(ReadToken other) {
        List<Part> all = new ArrayList<>(other.parts);
        for (Part part : parts) {
            Optional<Part> same = all.stream()
                    .filter(found -> found.object().equals(part.object()))
                    .findFirst();
            if (same.isEmpty()) {
                all.add(part);
            } else if (same.get().updatedAt().isBefore(part.updatedAt())) {
                all.set(all.indexOf(same.get()), part);
            }
        }
        return new ReadToken(all.subList(0, Math.min(MOST_PARTS, all.size())));
    }

    /** The token as text of URL-safe characters, for a header or a cookie. */
    public String text() {
        StringBuilder plain = new StringBuilder();
        for (Part part : parts) {
            plain.append(plain.isEmpty() ? "" : BETWEEN_PARTS)
                    .append(part.object().kind().letter())
                    .append(BETWEEN_FIELDS)
                    .append(ChronoUnit.MICROS.between(Instant.EPOCH, part.updatedAt()))
                    .append(BETWEEN_FIELDS)
                    .append(part.object().id());
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(plain.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Reads a token from text; empty when it is none. */
    public static Optional<ReadToken> parse(String text) {
        if (text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        try {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            List<Part> parts = new ArrayList<>();
            for (String line : plain.split(BETWEEN_PARTS, -1)) {
                parts.add(part(line.split(BETWEEN_FIELDS, 3)));
            }
            return Optional.of(new ReadToken(parts));
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Part part(String[] fields) {
        if (fields.length != 3) {
            throw new IllegalArgumentException("a part has a kind, a time and an id");
        }
        Kind kind = Arrays.stream(Kind.values())
                .filter(known -> known.letter().equals(fields[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such kind of object"));
        Instant at = Instant.EPOCH.plus(Long.parseLong(fields[1]), ChronoUnit.MICROS);
        return new Part(new MirroredObject(kind, fields[2]), at);
    }
}
