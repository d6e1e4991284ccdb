package dev.lockstep.workosdouble;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import tools.jackson.databind.node.ObjectNode;

/** What faults do to an event before it is written. */
final class Twist {
    private static final DateTimeFormatter BLANK =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter OFFSET =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx").withZone(ZoneOffset.ofHoursMinutes(5, 45));
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private Twist() {}

    static void time(Instant at, Fault.OddTime.Spelling spelling, ObjectNode envelope) {
        DateTimeFormatter format = switch (spelling) {
            case BLANK_SEPARATED -> BLANK;
            case MICROSECONDS -> MICROS;
            case OFFSET -> OFFSET;
            case SECONDS -> SECONDS;
        };
        envelope.put("created_at", format.format(at));
    }

    static void unknownFields(ObjectNode data, ObjectNode envelope) {
        envelope.put("shard", 7);
        data.put("horoscope", "unknown to every library of today");
        data.putObject("orbit").put("period_days", 687).putArray("moons").add("Phobos");
    }

    static void poison(ObjectNode data, Fault.Poison.Damage damage) {
        switch (damage) {
            case NO_ID -> data.remove("id");
            case WRONG_TYPE -> {
                data.putArray("id").add(1);
                data.putObject("updated_at").put("when", "never");
            }
            case NUL_CHARACTER -> {
                data.put("name", "a\u0000b");
                data.put("first_name", "a\u0000b");
            }
            case EMPTY -> data.removeAll();
        }
    }
}
