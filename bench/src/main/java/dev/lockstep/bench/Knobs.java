package dev.lockstep.bench;

import java.util.HashMap;
import java.util.Map;

/** The sizes of a run, given as {@code name=number} on the command line. */
final class Knobs {
    private final Map<String, Integer> given = new HashMap<>();

    Knobs(String[] args) {
        for (String arg : args) {
            String[] pair = arg.split("=", 2);
            if (pair.length != 2 || !pair[1].matches("[0-9]{1,9}")) {
                throw new IllegalArgumentException("'" + arg + "' is not name=number, such as seconds=5");
            }
            given.put(pair[0], Integer.valueOf(pair[1]));
        }
    }

    int get(String name, int otherwise) {
        return given.getOrDefault(name, otherwise);
    }
}
