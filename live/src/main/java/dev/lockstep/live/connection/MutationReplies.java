package dev.lockstep.live.connection;

import dev.lockstep.live.function.MutationRunner;
import dev.lockstep.live.wire.ServerMessage;

/** Brings what becomes of mutations into the state of their socket and to its page, in one step each. */
final class MutationReplies implements MutationQueue.Replies {
    private final LiveConnection connection;
    private final SyncState state;
    private final Host host;

    MutationReplies(LiveConnection connection, SyncState state, Host host) {
        this.connection = connection;
        this.state = state;
        this.host = host;
    }

    @Override
    public boolean mayRun() {
        return connection.mayRun();
    }

    @Override
    public void began(MutationQueue.Job job, long xid) {
        connection.locked(() -> {
            state.mutationBegan(job.doubt(), xid);
            if (!state.anythingSent()) {
                host.wake(connection);
            }
        });
    }

    @Override
    public void rolledBack(long xid) {
        connection.locked(() -> state.mutationRolledBack(xid));
    }

    @Override
    public void replied(MutationQueue.Job job, MutationRunner.Reply reply) {
        connection.locked(() -> {
            long requestId = job.request().requestId();
            switch (reply) {
                case MutationRunner.Reply.Committed done -> {
                    state.mutationSucceeded(job.doubt(), done.xid(), done.ts(), System.nanoTime());
                    connection.send(new ServerMessage.MutationSucceeded(requestId, done.resultJson(), done.ts()));
                }
                case MutationRunner.Reply.Refused refused -> {
                    state.mutationFailed(job.doubt());
                    connection.send(new ServerMessage.MutationFailed(requestId, refused.failure()));
                }
                case MutationRunner.Reply.Unknown unknown -> connection.end(CloseReason.OUTAGE);
            }
        });
        host.wake(connection);
    }
}
