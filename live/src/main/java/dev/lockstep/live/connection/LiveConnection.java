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
import dev.lockstep.store.feed.Tick;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Predicate;
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
    private final TokenTerm token;
    private final OrderedMailbox<String> inbox;
    private final MutationQueue mutations;
    private final RunningActions actions;

    private final ReentrantLock lock = new ReentrantLock();
    private final SyncState state;
    private final Foresight foresight = new Foresight();
    private @Nullable Double clockSkewMillis;
    private volatile Instant lastReceivedAt;

    /** Opens the connection; called by the engine. */
    public LiveConnection(Outbound outbound, Host host, ConnectionLimits limits) {
        this.line = new Line(outbound, host.clock(), limits);
        this.host = host;
        this.limits = limits;
        this.openedAt = host.clock().instant();
        this.lastReceivedAt = openedAt;
        this.token = new TokenTerm(host.clock(), host.random(), limits);
        this.state = new SyncState(limits.queries(), limits.mutations());
        this.inbox = new OrderedMailbox<>(host.executor(), this::receive, () -> host.wake(this));
        this.mutations = new MutationQueue(host, new MutationReplies());
        this.actions = new RunningActions(
                host,
                limits.mutations(),
                new RunningActions.Socket(
                        this::mayRun, reply -> locked(() -> send(reply)), () -> close(CloseReason.TOO_MANY_ACTIONS)));
    }

    /** Takes one text frame; returns at once. Frames are looked at in the order of the calls. */
    public void onText(String text) {
        if (text.length() > limits.messageChars()) {
            close(CloseReason.TOO_LONG);
        } else if (inbox.put(text) > limits.unreadMessages()) {
            close(CloseReason.TOO_MANY_MESSAGES);
        }
    }

    /** The socket is closed, whoever closed it. */
    public void onClose() {
        locked(line::ended);
        stop();
    }

    /** Closes the socket because the node stops; the page comes back, perhaps to another node. */
    public void shutDown() {
        close(CloseReason.STOPPING);
    }

    /** Closes the socket because something failed here; the page comes back. */
    public void fail() {
        close(CloseReason.INTERNAL);
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

    /** What the socket follows and for whom, if that may have changed since the version given. */
    public Optional<Following> followingSince(long version) {
        lock.lock();
        try {
            long now = line.isClosed() ? Following.OVER : state.followingVersion();
            return now == version
                    ? Optional.empty()
                    : Optional.of(new Following(now, state.caller(), line.isClosed() ? List.of() : state.questions()));
        } finally {
            lock.unlock();
        }
    }

    /** How a tick went for the socket. */
    public enum Served {
        /** The page shows this tick. */
        DONE,
        /** Later; the connection or the engine's regular round brings it back. */
        LATER,
        /** The very next tick will do. */
        NEXT_TICK
    }

    /** Moves the page to a tick, if it may go there. Called by the ticks' thread. */
    public Served serve(Tick tick, BiFunction<Question, Caller, Answer> answers) {
        lock.lock();
        try {
            if (line.isClosed()) {
                return Served.DONE;
            }
            if (inbox.isBusy() || isSettling() || line.isFull()) {
                return Served.LATER;
            }
            long ts = tick.ts().value();
            return switch (state.turn(ts, tick.snapshot()::sees)) {
                case TOO_EARLY -> Served.DONE; // Whatever it waits for wakes it.
                case OUT_OF_STEP -> Served.NEXT_TICK;
                case READY -> advance(ts, answers);
            };
        } finally {
            lock.unlock();
        }
    }

    private boolean isSettling() {
        boolean returning = state.connect().filter(c -> c.connectionCount() > 0).isPresent() && !state.anythingSent();
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

    private Served advance(long ts, BiFunction<Question, Caller, Answer> answers) {
        if (!state.anythingSent()) {
            switch (foresight.at(ts, maxObserved())) {
                case NONE -> {}
                case WAIT -> {
                    return Served.NEXT_TICK;
                }
                case TOO_LONG -> close(CloseReason.BEHIND);
                case ABSURD -> violated(FROM_THE_FUTURE);
            }
        }
        if (line.isClosed() || endIfTokenEnded()) {
            return Served.DONE;
        }
        Caller caller = state.caller();
        state.advance(ts, question -> answers.apply(question, caller).outcome(), clockSkewMillis)
                .ifPresent(this::send);
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
                close(CloseReason.NO_CONNECT);
            } else {
                line.tend().ifPresent(this::close);
            }
        });
    }

    private void receive(String frame) {
        lastReceivedAt = host.clock().instant();
        try {
            take(MESSAGES.parse(frame));
        } catch (WireViolation e) {
            violated(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warn("LIVE_CONNECTION_FAILED: a message could not be taken; the socket is closed", e);
            fail();
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
        long newest = host.newestTs();
        if (newest > 0 && Foresight.isAbsurd(newest, connect.maxObservedTimestamp())) {
            throw new WireViolation(FROM_THE_FUTURE);
        }
    }

    private void mutation(ClientMessage.Mutation mutation) {
        Optional<SyncState.Doubt> doubt = state.mutationArrived();
        if (doubt.isEmpty()) {
            close(CloseReason.TOO_MANY_MUTATIONS);
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
            verdict = verdict(message.token());
        } while (!settle(message.baseVersion(), verdict, revocations));
    }

    private @Nullable Verdict verdict(ClientMessage.Token token) {
        return switch (token) {
            case ClientMessage.Token.None none -> null;
            case ClientMessage.Token.Admin admin -> new Verdict.Refused("Administrators' keys are not accepted here.");
            case ClientMessage.Token.User user -> host.authority().authenticate(user.value());
        };
    }

    /** Returns false when somebody was revoked meanwhile, so that the token must be looked at again. */
    private boolean settle(long baseVersion, @Nullable Verdict verdict, long revocations) {
        lock.lock();
        try {
            switch (verdict) {
                case null -> {
                    token.none();
                    state.accept(new Caller.Anonymous());
                }
                case Verdict.Accepted accepted -> {
                    if (host.revocations() != revocations) {
                        return false;
                    }
                    token.begin(accepted.expiresAt());
                    if (token.isOver()) {
                        refuse("The token has ended.", baseVersion, true);
                    } else {
                        state.accept(accepted.caller());
                    }
                }
                case Verdict.Refused refused -> refuse(refused.sentence(), baseVersion, true);
                case Verdict.CannotVerify cannot -> {
                    LOG.warn(
                            "LIVE_CANNOT_VERIFY: {}; the socket is closed and the page tries again", cannot.sentence());
                    fail();
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
            close(CloseReason.IDENTITY);
        }
    }

    private void violated(String sentence) {
        locked(() -> {
            if (!line.isClosed()) {
                send(new ServerMessage.FatalError(sentence));
                close(CloseReason.PROTOCOL);
            }
        });
    }

    private void send(ServerMessage message) {
        line.send(message);
    }

    private void close(CloseReason reason) {
        locked(() -> line.close(reason));
        stop();
    }

    private void stop() {
        inbox.close();
        mutations.close();
        host.gone(this);
    }

    private boolean mayRun() {
        lock.lock();
        try {
            return !line.isClosed() && !endIfTokenEnded();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** Brings what becomes of mutations into the state and to the page, in one step each. */
    private final class MutationReplies implements MutationQueue.Replies {
        @Override
        public boolean mayRun() {
            return LiveConnection.this.mayRun();
        }

        @Override
        public void began(MutationQueue.Job job, long xid) {
            locked(() -> {
                state.mutationBegan(job.doubt(), xid);
                if (!state.anythingSent()) {
                    host.wake(LiveConnection.this);
                }
            });
        }

        @Override
        public void rolledBack(long xid) {
            locked(() -> state.mutationRolledBack(xid));
        }

        @Override
        public void replied(MutationQueue.Job job, MutationRunner.Reply reply) {
            locked(() -> {
                long requestId = job.request().requestId();
                switch (reply) {
                    case MutationRunner.Reply.Committed done -> {
                        state.mutationSucceeded(job.doubt(), done.xid(), done.ts());
                        send(new ServerMessage.MutationSucceeded(requestId, done.resultJson(), done.ts()));
                    }
                    case MutationRunner.Reply.Refused refused -> {
                        state.mutationFailed(job.doubt());
                        send(new ServerMessage.MutationFailed(requestId, refused.failure()));
                    }
                    case MutationRunner.Reply.Crowded crowded -> close(CloseReason.CONFLICTS);
                    case MutationRunner.Reply.Unknown unknown -> fail();
                }
            });
            host.wake(LiveConnection.this);
        }
    }
}
