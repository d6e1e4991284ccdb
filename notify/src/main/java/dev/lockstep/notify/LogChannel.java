package dev.lockstep.notify;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log that a message went this way, for installations without the real channel. It never writes its text. */
public final class LogChannel implements Channel {
    private static final Logger LOG = LoggerFactory.getLogger(LogChannel.class);

    private final ChannelKind kind;

    public LogChannel(ChannelKind kind) {
        if (kind == ChannelKind.IN_APP) {
            throw new IllegalArgumentException("IN_APP needs no channel; it has arrived once it is stored.");
        }
        this.kind = kind;
    }

    @Override
    public ChannelKind kind() {
        return kind;
    }

    @Override
    public Outcome deliver(Message message) {
        LOG.info("NOTIFY_LOGGED {} {} for {}", kind, message.id(), message.to());
        return new Outcome.Delivered();
    }
}
