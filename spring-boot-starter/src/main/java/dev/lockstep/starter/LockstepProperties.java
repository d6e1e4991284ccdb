package dev.lockstep.starter;

import dev.lockstep.session.keeping.SessionKeeper;
import dev.lockstep.sync.freshness.WhenStale;
import dev.lockstep.sync.projection.Mirrored;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Every setting of Lockstep with its default. What is missing or dangerous is found by {@link ConfigurationCheck}, all
 * at once, before anything starts.
 *
 * @param publicUrl where browsers reach this application, such as https://app.example.com; by default the origin of
 *     the redirect URI
 * @param store the database
 * @param workos the WorkOS environment
 * @param session the session cookie
 * @param auth sign-in and sign-out
 * @param proxy what stands in front of this application
 * @param limits how much one network address may ask for
 * @param webhook the webhook mouth
 * @param sync the inbox workers and the Events tail
 * @param freshness how old the mirror may be
 * @param live the live endpoint
 * @param audit the hash-chained audit log
 * @param web whom this application answers
 * @param flags feature flags asked for again and again
 * @param reconcile the rolling comparison with WorkOS
 */
@ConfigurationProperties("lockstep")
public record LockstepProperties(
        @Nullable URI publicUrl,
        @DefaultValue Store store,
        @DefaultValue WorkOs workos,
        @DefaultValue Session session,
        @DefaultValue Auth auth,
        @DefaultValue Proxy proxy,
        @DefaultValue Limits limits,
        @DefaultValue Webhook webhook,
        @DefaultValue Sync sync,
        @DefaultValue Freshness freshness,
        @DefaultValue Live live,
        @DefaultValue Audit audit,
        @DefaultValue Web web,
        @DefaultValue Flags flags,
        @DefaultValue Reconcile reconcile) {

    /**
     * The database.
     *
     * @param requireDurable whether to refuse a server that may lose acknowledged commits (fsync or synchronous_commit
     *     off); false only for throw-away databases of tests
     */
    public record Store(@DefaultValue("true") boolean requireDurable) {}

    /**
     * The WorkOS environment.
     *
     * @param apiKey the secret key (WORKOS_API_KEY)
     * @param clientId the client id (WORKOS_CLIENT_ID)
     * @param apiBaseUrl where the API answers
     * @param redirectUri the callback, exactly as the WorkOS dashboard lists it (WORKOS_REDIRECT_URI)
     * @param otherRedirectUris further callbacks of this site that one sign-in may ask for, as the dashboard lists them
     * @param webhookSecrets every secret that may sign a webhook, the current one first (WORKOS_WEBHOOK_SECRET)
     * @param issuers further token issuers to trust, for a custom authentication domain
     */
    public record WorkOs(
            @Nullable String apiKey,
            @Nullable String clientId,
            @DefaultValue("https://api.workos.com") URI apiBaseUrl,
            @Nullable URI redirectUri,
            @DefaultValue List<URI> otherRedirectUris,
            @DefaultValue List<String> webhookSecrets,
            @DefaultValue List<String> issuers) {}

    /**
     * The session cookie.
     *
     * @param cookieName its name (WORKOS_COOKIE_NAME)
     * @param passwords the sealing passwords, at least 32 characters each, the current one first; the others only
     *     open (WORKOS_COOKIE_PASSWORD)
     * @param maxAge how long a browser keeps the cookie (WORKOS_COOKIE_MAX_AGE, seconds)
     * @param sameSite lax or strict; none would open the door to forgery (WORKOS_COOKIE_SAMESITE)
     * @param domain only for tenant subdomains; by default the cookie stays on one host (WORKOS_COOKIE_DOMAIN)
     * @param idle how long a session may go unused, to within the life of one token; by default as long as the cookie
     * @param onServer when a session is kept in PostgreSQL with a reference in the cookie: when-too-big or always
     */
    public record Session(
            @DefaultValue("wos-session") String cookieName,
            @DefaultValue List<String> passwords,
            @DefaultValue("7d") Duration maxAge,
            @DefaultValue("lax") String sameSite,
            @Nullable String domain,
            @DefaultValue("0s") Duration idle,
            @DefaultValue("when-too-big") SessionKeeper.Place onServer) {}

    /**
     * Sign-in and sign-out.
     *
     * @param defaultReturnTo where a sign-in without a destination ends
     * @param postLogoutPath where a sign-out ends
     * @param loginPath the page that explains a failed sign-in
     * @param providers names of sign-in methods that the login page announces
     * @param adminRoles the role slugs that may see and end the sessions of members of their organization
     */
    public record Auth(
            @DefaultValue("/dashboard") String defaultReturnTo,
            @DefaultValue("/signed-out") String postLogoutPath,
            @DefaultValue("/login") String loginPath,
            @DefaultValue List<String> providers,
            @DefaultValue({"owner", "admin"}) List<String> adminRoles) {}

    /**
     * What stands in front of this application.
     *
     * @param hops how many proxies of ours write X-Forwarded-For; with none the header is not looked at
     */
    public record Proxy(@DefaultValue("0") int hops) {}

    /**
     * How much one network address may ask for, on each node, in one window.
     *
     * @param signIns calls of the sign-in routes
     * @param sessionCalls calls of the other routes below /api/auth
     * @param handshakes sockets that it may open
     * @param window how long a window is; what was used comes back little by little
     */
    public record Limits(
            @DefaultValue("60") int signIns,
            @DefaultValue("600") int sessionCalls,
            @DefaultValue("3000") int handshakes,
            @DefaultValue("1m") Duration window) {}

    /**
     * The webhook mouth.
     *
     * @param tolerance how old or how far ahead a signature may be
     * @param maxBody the largest body that is read, in bytes
     * @param allowedAddresses who may send webhooks at all; anybody when there are none
     */
    public record Webhook(
            @DefaultValue("180s") Duration tolerance,
            @DefaultValue("1048576") int maxBody,
            @DefaultValue List<String> allowedAddresses) {}

    /**
     * The inbox workers and the Events tail.
     *
     * @param enabled whether this node applies events and may hold the tail's lease
     * @param workers how many threads drain the inbox
     * @param pollInterval how often the Events API is asked
     * @param overlap how far before its start the first poll looks back
     * @param lease how long the tail's lease is good without renewal
     * @param keepEvents how long the bytes of a finished event are kept, for replays
     * @param keepEventIds how long it is remembered that an event was seen, at least 100 days
     */
    public record Sync(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("2") int workers,
            @DefaultValue("5s") Duration pollInterval,
            @DefaultValue("5m") Duration overlap,
            @DefaultValue("15s") Duration lease,
            @DefaultValue("30d") Duration keepEvents,
            @DefaultValue("400d") Duration keepEventIds) {}

    /**
     * How old the mirror may be.
     *
     * @param maxStaleness how far behind WorkOS the mirror may be and still decide alone about rights
     * @param whenStale what to do about rights while it is older: ask (WorkOS), refuse, or mirror (it decides all the
     *     same)
     * @param askTimeout how long WorkOS may take to answer such a question
     * @param awaitTimeout how long a request with a read token waits for the mirror
     * @param maxWaiters how many callers of this node may wait for the mirror at once
     */
    public record Freshness(
            @DefaultValue("60s") Duration maxStaleness,
            @DefaultValue("ask") WhenStale whenStale,
            @DefaultValue("2s") Duration askTimeout,
            @DefaultValue("2s") Duration awaitTimeout,
            @DefaultValue("1000") int maxWaiters) {}

    /**
     * The live endpoint.
     *
     * @param enabled whether this node holds sockets
     * @param pollInterval how often the change feed is looked at when nobody rings
     * @param maxMessage the largest message a client may send, in bytes
     * @param allowedOrigins further origins whose pages may open a socket; the public URL always may
     * @param maxSockets sockets of this node at once
     * @param maxSocketsPerSession sockets of one signed-in session at once, such as tabs
     * @param compression whether frames are compressed when the browser offers it
     * @param drain how long the pages may take to leave when the node stops
     * @param actionTimeout how long one action may take before it is stopped
     * @param heldSnapshots how many moments this node holds open for consistent queries, each on a connection; 0 for none
     */
    public record Live(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("25ms") Duration pollInterval,
            @DefaultValue("1048576") int maxMessage,
            @DefaultValue List<String> allowedOrigins,
            @DefaultValue("10000") int maxSockets,
            @DefaultValue("20") int maxSocketsPerSession,
            @DefaultValue("false") boolean compression,
            @DefaultValue("3s") Duration drain,
            @DefaultValue("2m") Duration actionTimeout,
            @DefaultValue("8") int heldSnapshots) {}

    /**
     * The audit log.
     *
     * @param key keys the hash chain, at least 32 characters; without it no audit log is written
     */
    public record Audit(@Nullable String key) {}

    /**
     * Whom this application answers.
     *
     * @param hosts further host names it is reached by, *.example.com for every name one label below; the public host
     *     and the hosts of the cookie domain are known
     * @param corsOrigins origins of other sites whose pages may read and send with the visitor's cookies, such as
     *     https://admin.example.com or https://*.example.com
     */
    public record Web(
            @DefaultValue List<String> hosts, @DefaultValue List<String> corsOrigins) {}

    /**
     * Feature flags asked for again and again.
     *
     * @param enabled whether the bean FlagWatch is there and asks
     * @param pollInterval how often
     */
    public record Flags(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("30s") Duration pollInterval) {}

    /**
     * The rolling comparison of the mirror with WorkOS.
     *
     * @param enabled whether this node may compare, when it syncs at all
     * @param every from the end of one comparison to the beginning of the next
     * @param mode repair, or dry-run to look only; a comparison that was asked for repairs in any case
     * @param lanes how many lists are read at a time
     * @param kinds the tables to compare, such as users,organizations; all when empty
     */
    public record Reconcile(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("6h") Duration every,
            @DefaultValue("repair") dev.lockstep.sync.reconcile.Reconcile.Mode mode,
            @DefaultValue("4") int lanes,
            @DefaultValue Set<Mirrored> kinds) {}

    /** Returns where browsers reach this application, without a trailing slash. */
    public URI origin() {
        URI from = Optional.ofNullable(publicUrl)
                .or(() -> Optional.ofNullable(workos.redirectUri()))
                .orElseThrow(() -> new IllegalStateException("checked at start: lockstep.workos.redirect-uri"));
        String port = from.getPort() < 0 ? "" : ":" + from.getPort();
        return URI.create(from.getScheme() + "://" + from.getHost() + port);
    }

    /** Returns the sign-in endpoint of WorkOS. */
    public URI apiBase() {
        String text = workos.apiBaseUrl().toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : workos.apiBaseUrl();
    }
}
