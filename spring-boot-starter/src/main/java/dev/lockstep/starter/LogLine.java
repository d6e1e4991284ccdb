package dev.lockstep.starter;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line of the log about something that happened: a stable name, stable keys, and the same as fields for logs in
 * JSON. Values are ids, codes and counts; an e-mail address, a token or a cookie never belongs here. For one thread.
 */
public final class LogLine {
    private static final Pattern PLAIN = Pattern.compile("[\\w.:/{}*,+@-]+");
    private static final int LONGEST = 200;

    private final String event;
    private final List<KeyValuePair> pairs = new ArrayList<>();

    private LogLine(String event) {
        this.event = event;
    }

    /** @param event what happened, such as {@code auth.login.succeeded}; listed in docs/operations.md */
    public static LogLine of(String event) {
        return new LogLine(event);
    }

    /** Adds a value; null is left out. */
    public LogLine with(String key, @Nullable Object value) {
        if (value != null) {
            pairs.add(new KeyValuePair(key, value instanceof Number || value instanceof Boolean ? value : text(value)));
        }
        return this;
    }

    /** Writes the line where that level is wanted. */
    public void write(Logger log, Level level) {
        if (log.isEnabledForLevel(level)) {
            LoggingEventBuilder line = log.atLevel(level).addKeyValue("event", event);
            for (KeyValuePair pair : pairs) {
                line = line.addKeyValue(pair.key, pair.value);
            }
            line.log(toString());
        }
    }

    /** Returns the line as people read it; a value that could be taken for something else stands in quotes. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(event);
        for (KeyValuePair pair : pairs) {
            String value = String.valueOf(pair.value);
            boolean plain = PLAIN.matcher(value).matches();
            line.append(' ').append(pair.key).append('=').append(plain ? value : '"' + value.replace("\"", "'") + '"');
        }
        return line.toString();
    }

    /** One line, not longer than a sentence. */
    private static String text(Object value) {
        String plain = value.toString().replaceAll("\\p{Cntrl}", " ");
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain;
    }
}
