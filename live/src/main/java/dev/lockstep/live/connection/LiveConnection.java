package dev.lockstep.live.connection;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.connection.CallerAuthority.Verdict;
import dev.lockstep.live.function.MutationRunner;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.live.wire.ClientMessage;
import dev.lockstep.live.wire.ClientMessages;
import dev.lockstep.live.wire.ServerMessage;
import dev.lockstep.live.wire.WireViolation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one socket: takes its frames in order, runs its mutations one after another, and lets ticks through when the
 * {@link SyncState} allows. Thread-safe. The container calls {@link #onText} and {@link #onClose}; all else is the
 * engine's.
 */
public final class LiveConnection {
    private static final Logger LOG = LoggerFactory.getLogger(LiveConnection.class);
    private static final ClientMessages MESSAGES = new ClientMessages();
    private static final String FROM_THE_FUTURE =
            "The page has seen a time that this server has not reached. Reload it.";

    private final Line line;
    private final Host host;
    private final ConnectionLimits limits;
    private final Instant openedAt;
    /** By {@link System#nanoTime}. */
    private final long openedNanos = System.nanoTime();

    private final TokenTerm token;
    private final OrderedMailbox<String> inbox;
    private final MutationQueue mutations;
    private final RunningActions actions;

    private final ReentrantLock lock = new ReentrantLock();
    private final SyncState state;
    private final Foresight foresight = new Foresight();
    private @Nullable Double clockSkewMillis;
    private volatile Instant lastReceivedAt;
    /** When anything was heard, a pong included. */
    private volatile Instant lastHeardAt;
    /** Whether newer results wait until earlier ones are written. */
    private volatile boolean heldBack;
    /** Whether anything has been shown; written under the lock. */
    private volatile boolean shown;

    /** Opens the connection; called by the engine. */
    public LiveConnection(Outbound outbound, Host host, ConnectionLimits limits) {
        this.line = new Line(outbound, host.clock(), limits);
        this.host = host;
        this.limits = limits;
        this.openedAt = host.clock().instant();
        this.lastReceivedAt = openedAt;
        this.lastHeardAt = openedAt;
        this.token = new TokenTerm(host.clock(), host.random(), limits);
        this.state = new SyncState(limits.queries(), limits.mutations());
        this.inbox = new OrderedMailbox<>(host.executor(), this::receive, () -> host.wake(this));
        this.mutations = new MutationQueue(host, new MutationReplies(this, state, host));
        this.actions = new RunningActions(
                host,
                limits.mutations(),
                new RunningActions.Socket(
                        this::mayRun, reply -> locked(() -> send(reply)), () -> end(CloseReason.TOO_MANY_ACTIONS)));
    }

    /** Takes one text frame; returns at once. Frames are looked at in the order of the calls. */
    public void onText(String text) {
        if (text.length() > limits.messageChars()) {
            end(CloseReason.TOO_LONG);
        } else if (inbox.put(text) > limits.unreadMessages()) {
            end(CloseReason.TOO_MANY_MESSAGES);
        }
    }

    /** The socket is closed, whoever closed it. */
    public void onClose() {
        locked(line::ended);
        stop();
    }

    /** Closes the socket from here; the page comes back by itself, perhaps to another node. Thread-safe. */
    public void end(CloseReason reason) {
        locked(() -> line.close(reason));
        stop();
    }

    /** The container has heard a pong. */
    public void onPong() {
        lastHeardAt = host.clock().instant();
    }

    /** Ends the socket if it speaks for such a caller: the page is told to renew its identity. */
    public boolean revokeIf(Predicate<Caller> revoked) {
        lock.lock();
        try {
            if (line.isClosed() || !revoked.test(state.caller())) {
                return false;
            }
            refuse("The session is no longer valid.", state.sent().identity(), false);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What the socket follows and for whom, if that may have changed since the version given.
     *
     * @param same gives the one object among equal questions that all sockets share
     */
    public Optional<Following> followingSince(long version, UnaryOperator<Question> same) {
        lock.lock();
        try {
            long now = line.isClosed() ? Following.OVER : state.followingVersion();
            if (now == version) {
                return Optional.empty();
            }
            state.share(same);
            return Optional.of(new Following(now, state.caller(), line.isClosed() ? List.of() : state.questions()));
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing has been shown yet. */
    public boolean isNew() {
        return !shown;
    }

    /** Whether the page may go to a moment. Called by the ticks' thread. */
    public Served turn(Moment moment) {
        lock.lock();
        try {
            if (line.isClosed()) {
                return Served.DONE;
            }
            if (line.isFull()) {
                heldBack = true; // Looked at once more, for it may have been written in between.
                return line.isFull() ? Served.LATER : Served.NEXT_TICK;
            }
            if (inbox.isBusy() || isSettling()) {
                return Served.LATER;
            }
            if (!state.anythingSent() && moment.begunAt() - openedNanos < 0) {
                // The page may know, over an earlier socket, of a commit that this moment does not contain.
                return Served.NEXT_TICK;
            }
            return switch (state.turn(moment.ts(), moment.snapshot()::sees, moment.begunAt())) {
                case TOO_EARLY -> Served.DONE; // Whatever it waits for wakes it.
                case OUT_OF_STEP -> Served.NEXT_TICK;
                case READY -> Served.READY;
            };
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves the page to a moment, if it may go there. Called by the ticks' thread.
     *
     * @param answers what is answered at that moment; null for what is not
     */
    public Served serve(Moment moment, BiFunction<Question, Caller, @Nullable Answer> answers) {
        lock.lock();
        try {
            Served turn = turn(moment);
            if (turn != Served.READY) {
                return turn;
            }
            Caller caller = state.caller();
            List<Answer.Outcome> found = state.answered(question -> answers.apply(question, caller));
            if (found == null) {
                return Served.UNANSWERED;
            }
            return moment.ts() < state.sent().ts() ? Served.LATER : advance(moment.ts(), found);
        } finally {
            lock.unlock();
        }
    }

    /** The container has written all that was queued. Cheap; may be called at any time, from any thread. */
    public void onWritten() {
        if (heldBack) {
            heldBack = false;
            host.wake(this);
        }
    }

    private boolean isSettling() {
        boolean returning = !state.anythingSent()
                && state.connect().filter(c -> c.connectionCount() > 0).isPresent();
        if (!returning) {
            return false;
        }
        Duration quiet = Duration.between(lastReceivedAt, host.clock().instant());
        if (quiet.compareTo(limits.settle()) >= 0) {
            return false;
        }
        host.wakeLater(this, limits.settle().minus(quiet));
        return true;
    }

    private Served advance(long ts, List<Answer.Outcome> answers) {
        if (!state.anythingSent()) {
            switch (foresight.at(ts, maxObserved())) {
                case NONE -> {}
                case WAIT -> {
                    return Served.NEXT_TICK;
                }
                case TOO_LONG -> end(CloseReason.BEHIND);
                case ABSURD -> violated(FROM_THE_FUTURE);
            }
        }
        if (line.isClosed() || endIfTokenEnded()) {
            return Served.DONE;
        }
        state.advance(ts, answers, state.anythingSent() ? null : clockSkewMillis)
                .ifPresent(this::send);
        shown = state.anythingSent();
        return state.owesTransition() ? Served.NEXT_TICK : Served.DONE;
    }

    private long maxObserved() {
        return state.connect().map(ClientMessage.Connect::maxObservedTimestamp).orElse(0L);
    }

    /** The regular round: silence, dead sockets, ended tokens. */
    public void tend() {
        locked(() -> {
            if (line.isClosed() || endIfTokenEnded()) {
                return;
            }
            if (state.connect().isEmpty()
                    && Line.passed(
                            openedAt, limits.connectWithin(), host.clock().instant())) {
                end(CloseReason.NO_CONNECT);
            } else {
                line.tend(lastHeardAt).ifPresent(this::end);
            }
        });
    }

    private void receive(String frame) {
        lastReceivedAt = host.clock().instant();
        lastHeardAt = lastReceivedAt;
        try {
            take(MESSAGES.parse(frame));
        } catch (WireViolation e) {
            violated(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warn("LIVE_CONNECTION_FAILED: a message could not be taken; the socket is closed", e);
            end(CloseReason.INTERNAL);
        }
    }

    private void take(ClientMessage message) {
        switch (message) {
            case ClientMessage.Authenticate authenticate -> authenticate(authenticate);
            case ClientMessage.Connect connect -> locked(() -> connect(connect));
            case ClientMessage.ModifyQuerySet modify -> locked(() -> state.modify(modify));
            case ClientMessage.Mutation mutation -> locked(() -> mutation(mutation));
            case ClientMessage.Action action -> locked(() -> actions.start(action, state.caller(), state.connect()));
            case ClientMessage.Event event -> {}
        }
    }

    private void connect(ClientMessage.Connect connect) {
        state.connected(connect);
        Double clientTs = connect.clientTs();
        clockSkewMillis = clientTs == null ? null : clientTs - host.clock().millis();
    }

    private void mutation(ClientMessage.Mutation mutation) {
        Optional<SyncState.Doubt> doubt = state.mutationArrived();
        if (doubt.isEmpty()) {
            end(CloseReason.TOO_MANY_MUTATIONS);
            return;
        }
        state.connect()
                .map(connect -> new MutationRunner.Request(
                        state.caller(), connect.sessionId(), mutation.requestId(), mutation.call()))
                .ifPresent(request -> mutations.put(new MutationQueue.Job(request, doubt.get())));
    }

    private void authenticate(ClientMessage.Authenticate message) {
        locked(() -> state.prove(message.baseVersion()));
        Verdict verdict;
        long revocations;
        do {
            revocations = host.revocations();
            verdict = host.authority().judge(message.token());
        } while (!settle(message.baseVersion(), verdict, revocations));
    }

    /** Returns false when somebody was revoked meanwhile, so that the token must be looked at again. */
    private boolean settle(long baseVersion, @Nullable Verdict verdict, long revocations) {
        lock.lock();
        try {
            switch (verdict) {
                case null -> {
                    token.none();
                    host.speaksFor(this, new Caller.Anonymous());
                    state.accept(new Caller.Anonymous());
                }
                case Verdict.Accepted accepted -> {
                    if (host.revocations() != revocations) {
                        return false;
                    }
                    token.begin(accepted.expiresAt());
                    if (token.isOver()) {
                        refuse("The token has ended.", baseVersion, true);
                    } else if (!line.isClosed() && !host.speaksFor(this, accepted.caller())) {
                        end(CloseReason.CROWDED);
                    } else {
                        state.accept(accepted.caller());
                    }
                }
                case Verdict.Refused refused -> refuse(refused.sentence(), baseVersion, true);
                case Verdict.CannotVerify cannot -> {
                    LOG.warn(
                            "LIVE_CANNOT_VERIFY: {}; the socket is closed and the page tries again", cannot.sentence());
                    end(CloseReason.INTERNAL);
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Only under the lock. */
    private boolean endIfTokenEnded() {
        if (!token.isOver()) {
            return false;
        }
        refuse("The token has ended.", state.sent().identity(), false);
        return true;
    }

    private void refuse(String sentence, long baseVersion, boolean attempted) {
        if (!line.isClosed()) {
            send(new ServerMessage.AuthError(sentence, baseVersion, attempted));
            end(CloseReason.IDENTITY);
        }
    }

    private void violated(String sentence) {
        locked(() -> {
            if (!line.isClosed()) {
                send(new ServerMessage.FatalError(sentence));
                end(CloseReason.PROTOCOL);
            }
        });
    }

    void send(ServerMessage message) {
        line.send(message);
    }

    private void stop() {
        inbox.close();
        mutations.close();
        host.gone(this);
    }

    boolean mayRun() {
        lock.lock();
        try {
            return !line.isClosed() && !endIfTokenEnded();
        } finally {
            lock.unlock();
        }
    }

    void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }
}
