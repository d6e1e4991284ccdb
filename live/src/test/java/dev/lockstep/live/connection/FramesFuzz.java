package dev.lockstep.live.connection;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.live.wire.ClientMessage;
import dev.lockstep.live.wire.ClientMessages;
import dev.lockstep.live.wire.ServerMessage;
import dev.lockstep.live.wire.ServerMessages;
import dev.lockstep.live.wire.WireViolation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Feeds one socket with frames, one on each line: whatever they say, they are refused in words or bring the socket from one
 * possible state to another, and what it then sends can be written.
 */
public final class FramesFuzz {
    private static final ClientMessages MESSAGES = new ClientMessages();
    private static final int EPOCH = 1;

    private FramesFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        SyncState state = new SyncState(20, 20);
        long ts = (long) EPOCH << 48;
        try {
            for (String frame : new String(data, StandardCharsets.UTF_8).split("\n", -1)) {
                take(state, MESSAGES.parse(frame));
                state.validate();
                ts++;
                if (state.turn(ts, xid -> true, ts) == SyncState.Turn.READY) {
                    List<Answer.Outcome> answers = Objects.requireNonNull(state.answered(FramesFuzz::answer));
                    state.advance(ts, answers, null).ifPresent(FramesFuzz::write);
                    state.validate();
                }
            }
        } catch (WireViolation refused) {
            if (String.valueOf(refused.getMessage()).isBlank()) {
                throw new IllegalStateException("a refusal without a word", refused);
            }
        }
    }

    private static void take(SyncState state, ClientMessage message) {
        switch (message) {
            case ClientMessage.Connect connect -> state.connected(connect);
            case ClientMessage.Authenticate authenticate -> {
                state.prove(authenticate.baseVersion());
                state.accept(new Caller.Anonymous());
            }
            case ClientMessage.ModifyQuerySet modify -> state.modify(modify);
            case ClientMessage.Mutation mutation ->
                state.mutationArrived().ifPresent(doubt -> {
                    state.mutationBegan(doubt, mutation.requestId() + 3);
                    state.mutationSucceeded(doubt, mutation.requestId() + 3, 0, 0);
                    write(new ServerMessage.MutationSucceeded(mutation.requestId(), "null", 1));
                });
            case ClientMessage.Action action -> Question.of(action.call(), null);
            case ClientMessage.Event event -> {}
        }
    }

    /** Every question is answered with its own path as its journal, so that journals move too. */
    private static Answer answer(Question question) {
        return new Answer(new Answer.Outcome.Value("null", question.path()), Set.of(), false);
    }

    private static void write(ServerMessage message) {
        ServerMessages.frames(message, "1").forEach(String::length);
    }
}
