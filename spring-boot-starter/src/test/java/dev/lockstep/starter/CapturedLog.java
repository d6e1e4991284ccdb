package dev.lockstep.starter;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** What one class says in the log while this is open. */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<ILoggingEvent> seen = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Level before;

    private CapturedLog(Class<?> of, Level level) {
        logger = (Logger) LoggerFactory.getLogger(of);
        before = logger.getLevel();
        logger.setLevel(level);
        start();
        logger.addAppender(this);
    }

    public static CapturedLog of(Class<?> type, String level) {
        return new CapturedLog(type, Level.toLevel(level));
    }

    @Override
    protected void append(ILoggingEvent event) {
        seen.add(event);
    }

    /** Level and text of each line. */
    public List<String> lines() {
        return seen.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    /** The fields of each line, as a log in JSON has them. */
    public List<String> fields() {
        return seen.stream()
                .map(event -> event.getKeyValuePairs() == null
                        ? ""
                        : event.getKeyValuePairs().stream()
                                .map(pair -> pair.key + "=" + pair.value)
                                .collect(Collectors.joining(" ")))
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(before);
        stop();
    }
}
