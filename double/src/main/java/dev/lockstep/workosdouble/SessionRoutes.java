package dev.lockstep.workosdouble;

import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import java.net.URI;
import java.util.Optional;

/** Lists, revokes and logs out sessions. Signing in is not here. */
final class SessionRoutes {
    private final World world;
    private final Registry registry;
    private final RedirectRule redirects;

    SessionRoutes(World world, Registry registry, RedirectRule redirects) {
        this.world = world;
        this.registry = registry;
        this.redirects = redirects;
    }

    void addTo(Routes routes) {
        routes.key("GET", "/user_management/users/{id}/sessions", this::list)
                .key("POST", "/user_management/sessions/revoke", this::revoke)
                .open("GET", "/user_management/sessions/logout", this::logout);
    }

    /** Only sessions that are still alive, as in production. */
    private Response list(Request request) {
        Paging.Ask ask = Paging.Ask.of(request);
        UserId user = new UserId(request.variable("id"));
        return Response.ok(world.read(tables -> {
            Registry.user(tables, user);
            Paging.Page<SessionId> page = Paging.cut(
                    tables.sessionsOfUser.of(user),
                    ask,
                    SessionId::new,
                    SessionId::value,
                    id -> Registry.session(tables, id).aliveAt(world.now()));
            return Wire.list(page, id -> Wire.session(Registry.session(tables, id)));
        }));
    }

    private Response revoke(Request request) {
        SessionRecord ended =
                registry.revokeSession(new SessionId(Body.of(request).required("session_id")));
        return Response.ok(Wire.session(ended));
    }

    /** A browser comes here. An unknown or ended session is no error: signing out twice is signing out. */
    private Response logout(Request request) {
        String session = request.query("session_id");
        if (session == null) {
            return Page.message(400, "Sign-out needs a session", "The address has no session_id.");
        }
        SessionId id = new SessionId(session);
        if (world.read(tables -> tables.sessions.ids().contains(id))) {
            registry.revokeSession(id);
        }
        String returnTo = request.query("return_to");
        if (returnTo == null) {
            return Page.message(200, "You are signed out", "You can close this window.");
        }
        Optional<URI> target = redirects.returnTo(returnTo);
        return target.map(Response::redirect)
                .orElseGet(() -> Page.message(
                        400,
                        "You are signed out",
                        "The address to return to is not allowed, so you were not sent there."));
    }
}
