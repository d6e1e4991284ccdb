package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.audit.Audit;
import dev.lockstep.audit.AuditChain;
import dev.lockstep.audit.AuditKey;
import dev.lockstep.identity.SessionId;
import dev.lockstep.session.RenewalListener;
import dev.lockstep.session.Revocations;
import dev.lockstep.session.refresh.RenewalOutcome;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A refresh token that somebody else had too ends the session, once, and is written down. */
class RefreshReuseTest {
    private static final TestTokens TOKENS = new TestTokens();

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("starter_sessions", Migrations::migrate);

    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final Revocations revocations = new Revocations(clock);
    private final List<String> heard = new ArrayList<>();
    private final RenewalListener application = new RenewalListener() {
        @Override
        public void notRenewed(AccessToken token, String reason, boolean isTransient) {
            heard.add(reason);
        }
    };
    private AccessToken token;
    private Database database;

    @BeforeEach
    void prepare() {
        database = new Database(postgres.dataSource());
        token = AccessTokenVerifier.claimsWithoutProof(TOKENS.token("user_1", "session_1", clock.instant(), Map.of()))
                .orElseThrow();
    }

    @Test
    void theSessionEndsEverywhereAndTheAuditLogSaysSoOnce() {
        RefreshReuse reuse = reuse(database);
        reuse.notRenewed(token, RenewalOutcome.REUSED, false);
        reuse.notRenewed(token, RenewalOutcome.REUSED, false);

        assertThat(revocations.isRevoked(new SessionId("session_1"))).isTrue();
        assertThat(rows("SELECT action || ' ' || actor || ' ' || target || ' ' || details::text FROM app.audit_log"))
                .containsExactly("auth.refresh.reuse anonymous session:session_1 {\"user\": \"user_1\"}");
        assertThat(rows("SELECT session_id FROM lockstep.ended_session")).containsExactly("session_1");
        assertThat(rows("SELECT session_id FROM lockstep.session_to_revoke")).containsExactly("session_1");
        assertThat(heard).containsExactly(RenewalOutcome.REUSED, RenewalOutcome.REUSED);
    }

    @Test
    void anyOtherEndIsNoReuse() {
        RefreshReuse reuse = reuse(database);
        reuse.notRenewed(token, "invalid_grant", false);
        reuse.notRenewed(token, "WorkOS answered 502", true);
        assertThat(revocations.isRevoked(new SessionId("session_1"))).isFalse();
        assertThat(rows("SELECT action FROM app.audit_log")).isEmpty();
        assertThat(heard).hasSize(2);
    }

    @Test
    void aRefreshThatFailedIsALineThatSaysWhetherTheSessionIsKept() {
        try (CapturedLog log = CapturedLog.of(RefreshReuse.class, "INFO")) {
            RefreshReuse reuse = reuse(database);
            reuse.notRenewed(token, "invalid_grant", false);
            reuse.notRenewed(token, "WorkOS answered 502", true);
            assertThat(log.lines())
                    .containsExactly(
                            "INFO auth.refresh.failed user=user_1 session=session_1 reason=invalid_grant kept=false",
                            "WARN auth.refresh.failed user=user_1 session=session_1 reason=\"WorkOS answered 502\""
                                    + " kept=true");
        }
    }

    @Test
    void whileTheDatabaseIsAwayTheSessionEndsOnThisNodeAllTheSame() {
        reuse(new Database(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/nowhere")))
                .notRenewed(token, RenewalOutcome.REUSED, false);
        assertThat(revocations.isRevoked(new SessionId("session_1"))).isTrue();
    }

    private RefreshReuse reuse(Database in) {
        var key = new AuditKey("an-audit-key-of-more-than-32-characters".getBytes(StandardCharsets.UTF_8));
        var audit = new Audit(new AuditChain(key));
        return new RefreshReuse(new EndedSessions(revocations, match -> {}, in, audit, () -> {}), application);
    }

    private List<String> rows(String sql) {
        return database.read(tx -> tx.sql(sql).query(String.class).list());
    }
}
