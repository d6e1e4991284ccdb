package dev.lockstep.sync;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Objects by key, from which one can be drawn at random however many there are. */
final class Shelf {
    private final Map<String, ObjectNode> byKey = new HashMap<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final List<String> keys = new ArrayList<>();

    boolean isEmpty() {
        return keys.isEmpty();
    }

    boolean has(String key) {
        return byKey.containsKey(key);
    }

    ObjectNode get(String key) {
        return Objects.requireNonNull(byKey.get(key), key);
    }

    Map<String, ObjectNode> all() {
        return byKey;
    }

    void put(String key, ObjectNode object) {
        if (byKey.put(key, object) == null) {
            places.put(key, keys.size());
            keys.add(key);
        }
    }

    @Nullable
    ObjectNode remove(String key) {
        Integer place = places.remove(key);
        if (place != null) {
            String last = keys.removeLast();
            if (place < keys.size()) {
                keys.set(place, last);
                places.put(last, place);
            }
        }
        return byKey.remove(key);
    }

    String any(Random random) {
        return keys.get(random.nextInt(keys.size()));
    }
}
