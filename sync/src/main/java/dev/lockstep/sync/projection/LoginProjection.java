package dev.lockstep.sync.projection;

import dev.lockstep.identity.AccountId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.workos.object.WorkOsSession;
import dev.lockstep.workos.object.WorkOsUser;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes sure that whoever signs in finds their rows: user, session, account and profile at once from the reply of the
 * sign-in, organization and membership a moment later from WorkOS. It does not decide who may sign in. Thread-safe.
 */
public final class LoginProjection {
    private static final Logger LOG = LoggerFactory.getLogger(LoginProjection.class);
    private static final String IS_GONE = "SELECT deleted_at IS NOT NULL FROM workos.users WHERE id = :id";

    private final Database database;
    private final Snapshots snapshots;
    private final LoginLookup lookup;
    private final Executor background;
    private final InstantSource clock;
    private final Doorbell committed;

    /**
     * @param database where the tables are
     * @param snapshots joins what the sign-in brings into the mirror
     * @param lookup asks WorkOS for what the reply does not carry
     * @param background runs the lookup; may refuse work, the Events tail then brings the rows
     * @param clock says when the lookup began
     * @param committed rung after the commit
     */
    public LoginProjection(
            Database database,
            Snapshots snapshots,
            LoginLookup lookup,
            Executor background,
            InstantSource clock,
            Doorbell committed) {
        this.database = database;
        this.snapshots = snapshots;
        this.lookup = lookup;
        this.background = background;
        this.clock = clock;
        this.committed = committed;
    }

    /**
     * A finished sign-in.
     *
     * @param user as the reply shows them
     * @param session the session that began
     * @param organization the organization signed in to, or null
     * @param authenticationMethod how, as WorkOS names it, or null
     * @param startedAt read from the clock before the request that brought the reply
     */
    public record SignIn(
            WorkOsUser user,
            SessionId session,
            @Nullable OrganizationId organization,
            @Nullable String authenticationMethod,
            Instant startedAt) {}

    /** Whether the one who signed in has rows. */
    public sealed interface Ensured {
        /** The rows are there; {@code account} is what applications reference. */
        record Ready(AccountId account) implements Ensured {}

        /** WorkOS has deleted this user; such an id never comes back and must not be let in. */
        record Deleted(UserId user) implements Ensured {}
    }

    /**
     * Ensures the rows and starts the lookup in the background.
     *
     * @throws org.springframework.dao.DataAccessException when the database refuses or cannot be reached; the sign-in
     *     may go on, the rows come with the events
     */
    public Ensured ensure(SignIn signIn) {
        Ensured ensured = database.write(tx -> ensureIn(tx, signIn));
        committed.ring();
        OrganizationId organization = signIn.organization();
        if (organization != null && ensured instanceof Ensured.Ready) {
            UserId user = signIn.user().id();
            try {
                background.execute(() -> lookUp(user, organization));
            } catch (RejectedExecutionException e) {
                LOG.warn(
                        "{}: the lookup after a sign-in was refused; the Events tail brings the rows.",
                        SyncProblem.Code.SYNC_LOGIN_LOOKUP_FAILED);
            }
        }
        return ensured;
    }

    private Ensured ensureIn(Tx tx, SignIn signIn) {
        UserId user = signIn.user().id();
        var fetched = new Snapshots.Fetched(List.of(signIn.user()), List.of(), List.of(), List.of(stub(signIn)));
        snapshots.applyIn(tx, fetched, signIn.startedAt(), Writer.LOGIN);
        boolean gone =
                tx.sql(IS_GONE).param("id", user.value()).query(Boolean.class).single();
        return gone ? new Ensured.Deleted(user) : new Ensured.Ready(Accounts.ensure(tx, user));
    }

    /** The reply names the session without describing it; this stands in until anything better arrives. */
    private static WorkOsSession stub(SignIn signIn) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("object", "session");
        json.put("id", signIn.session().value());
        json.put("user_id", signIn.user().id().value());
        if (signIn.organization() != null) {
            json.put("organization_id", signIn.organization().value());
        }
        json.put("auth_method", signIn.authenticationMethod());
        json.put("status", "active");
        json.put("created_at", signIn.startedAt().toString());
        json.put("updated_at", Instant.EPOCH.toString());
        return WorkOsSession.from(json);
    }

    private void lookUp(UserId user, OrganizationId organization) {
        try {
            Instant startedAt = clock.instant();
            var organizations = lookup.organization(organization).map(List::of).orElse(List.of());
            var memberships = lookup.memberships(user, organization);
            snapshots.apply(
                    new Snapshots.Fetched(List.of(), organizations, memberships, List.of()), startedAt, Writer.LOGIN);
        } catch (RuntimeException e) {
            LOG.warn(
                    "{}: organization or membership of a sign-in could not be fetched ({}); the Events tail brings them.",
                    SyncProblem.Code.SYNC_LOGIN_LOOKUP_FAILED,
                    e.getClass().getSimpleName());
        }
    }
}
