package dev.lockstep.live.connection;

import dev.lockstep.live.function.MutationRunner;

/** Runs the mutations of one socket one after another, in the order in which they came. Thread-safe. */
final class MutationQueue {
    private final Host host;
    private final Replies replies;
    private final OrderedMailbox<Job> jobs;

    MutationQueue(Host host, Replies replies) {
        this.host = host;
        this.replies = replies;
        this.jobs = new OrderedMailbox<>(host.executor(), this::run, () -> {});
    }

    /** One mutation of the socket. */
    record Job(MutationRunner.Request request, SyncState.Doubt doubt) {}

    /** Whoever must know how mutations fare. */
    interface Replies {
        /** Asked before each mutation. */
        boolean mayRun();

        void began(Job job, long xid);

        void rolledBack(long xid);

        void replied(Job job, MutationRunner.Reply reply);
    }

    void put(Job job) {
        jobs.put(job);
    }

    void close() {
        jobs.close();
    }

    private void run(Job job) {
        if (!replies.mayRun()) {
            return;
        }
        MutationRunner.Reply reply = new MutationRunner.Reply.Unknown();
        try {
            reply = host.mutations().run(job.request(), new Watch(job));
        } finally {
            replies.replied(job, reply);
        }
    }

    private final class Watch implements MutationRunner.Watch {
        private final Job job;

        Watch(Job job) {
            this.job = job;
        }

        @Override
        public void began(long xid) {
            replies.began(job, xid);
        }

        @Override
        public void rolledBack(long xid) {
            replies.rolledBack(xid);
        }
    }
}
