package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.starter.Signals;
import dev.lockstep.testing.TableHash;
import dev.lockstep.workosdouble.Fault;

/** What an attack leaves behind: a count on its meter, and nothing in any table. Made before the attack. */
final class Aftermath {
    /** The call that trades a code or a refresh token. */
    private static final String TRADE = "/user_management/authenticate";

    private final RunningDemo demo;
    private final Signals signals;
    private final TableHash tables;
    private final long[] signIns = new long[Signals.SignIn.values().length];
    private final long[] sessions = new long[Signals.Session.values().length];

    private Aftermath(RunningDemo demo) {
        this.demo = demo;
        this.signals = demo.demo().application().getBean(Signals.class);
        this.tables = demo.settled();
        for (Signals.SignIn kind : Signals.SignIn.values()) {
            signIns[kind.ordinal()] = signals.signIns().of(kind);
        }
        for (Signals.Session kind : Signals.Session.values()) {
            sessions[kind.ordinal()] = signals.sessions().of(kind);
        }
    }

    /** Looks around once everything is quiet. */
    static Aftermath of(RunningDemo demo) {
        return new Aftermath(demo);
    }

    /** Counts the sign-ins that ended so. */
    Aftermath counted(Signals.SignIn kind, long times) {
        assertThat(signals.signIns().of(kind) - signIns[kind.ordinal()])
                .as("lockstep.auth.login outcome=%s", kind)
                .isEqualTo(times);
        return this;
    }

    /** Counts the cookies that were found so. */
    Aftermath counted(Signals.Session kind, long times) {
        assertThat(signals.sessions().of(kind) - sessions[kind.ordinal()])
                .as("lockstep.auth.session outcome=%s", kind)
                .isEqualTo(times);
        return this;
    }

    /** No table is different. */
    void nothingChanged() {
        assertThat(demo.digest().differingFrom(tables))
                .as("tables that changed")
                .isEmpty();
    }

    /** Runs it with a trap laid at WorkOS: a trade of a code or a refresh token would have stepped on it. */
    Aftermath ofWhatNeverReachesWorkOs(Runnable attack) {
        demo.demo().workOs().faults().next(1, new Fault.Status(TRADE, 503, null));
        try {
            attack.run();
            assertThat(demo.demo().workOs().faults().waiting())
                    .as("traps that nobody stepped on")
                    .isEqualTo(1);
        } finally {
            demo.demo().workOs().faults().heal();
        }
        return this;
    }
}
