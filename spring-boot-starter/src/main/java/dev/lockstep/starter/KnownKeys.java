package dev.lockstep.starter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The keys below {@code lockstep.} that exist, taken from the metadata that the build writes, and a word for those
 * that do not.
 */
final class KnownKeys {
    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final String PREFIX = "lockstep.";

    private final ConfigurableEnvironment environment;

    KnownKeys(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    List<String> unknown() {
        Set<String> known = known();
        if (known.isEmpty()) {
            return List.of();
        }
        List<String> problems = new ArrayList<>();
        for (String key : configured()) {
            String plain = key.replaceAll("\\[\\d+]$", "");
            if (!known.contains(plain)) {
                String nearest = nearest(plain, known);
                problems.add(key + " is not a setting of Lockstep"
                        + (nearest.isEmpty() ? "; remove it" : "; did you mean " + nearest + "?"));
            }
        }
        return problems;
    }

    private Set<String> configured() {
        return environment.getPropertySources().stream()
                .filter(source -> source instanceof EnumerablePropertySource<?>)
                .flatMap(source -> java.util.Arrays.stream(((EnumerablePropertySource<?>) source).getPropertyNames()))
                .filter(name -> name.startsWith(PREFIX) && !name.startsWith(PREFIX + "test."))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> known() {
        Set<String> names = new TreeSet<>();
        try {
            var resources = KnownKeys.class.getClassLoader().getResources(METADATA);
            while (resources.hasMoreElements()) {
                try (InputStream in = resources.nextElement().openStream()) {
                    for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
                        names.add(property.path("name").asString(""));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The settings' metadata in the jar cannot be read", e);
        }
        names.removeIf(name -> !name.startsWith(PREFIX));
        return names;
    }

    private static String nearest(String key, Set<String> known) {
        String best = "";
        int bestDistance = Math.max(4, key.length() / 3);
        for (String candidate : known) {
            int distance = distance(key, candidate);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** The edit distance of Levenshtein, row by row. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
