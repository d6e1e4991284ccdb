package dev.lockstep.live.connection;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.function.FunctionCalls.Reply;
import dev.lockstep.live.wire.ClientMessage;
import dev.lockstep.live.wire.ServerMessage;
import dev.lockstep.live.wire.WireViolation;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Runs the actions of one socket, all at once and each at most once: the client never sends one again. Thread-safe.
 */
final class RunningActions {
    private final Host host;
    private final int most;
    private final Socket socket;
    private final AtomicInteger running = new AtomicInteger();

    RunningActions(Host host, int most, Socket socket) {
        this.host = host;
        this.most = most;
        this.socket = socket;
    }

    /**
     * The socket they belong to.
     *
     * @param mayRun asked before each action
     * @param reply told how each one ended
     * @param tooMany told when one more cannot run
     */
    record Socket(BooleanSupplier mayRun, Consumer<ServerMessage> reply, Runnable tooMany) {}

    void start(ClientMessage.Action action, Caller caller, Optional<ClientMessage.Connect> connect) {
        if (connect.isEmpty()) {
            throw new WireViolation("The first message is not a Connect.");
        }
        if (running.incrementAndGet() > most) {
            running.decrementAndGet();
            socket.tooMany.run();
        } else {
            host.executor().execute(() -> run(action, caller));
        }
    }

    private void run(ClientMessage.Action action, Caller caller) {
        try {
            if (socket.mayRun.getAsBoolean()) {
                socket.reply.accept(reply(action.requestId(), host.calls().action(caller, action.call())));
            }
        } finally {
            running.decrementAndGet();
        }
    }

    private static ServerMessage reply(long requestId, Reply reply) {
        return switch (reply) {
            case Reply.Done done -> new ServerMessage.ActionSucceeded(requestId, done.resultJson());
            case Reply.Failed failed -> new ServerMessage.ActionFailed(requestId, failed.failure());
            case Reply.Unavailable unavailable ->
                new ServerMessage.ActionFailed(requestId, new ServerMessage.Failure(unavailable.sentence(), null));
        };
    }
}
