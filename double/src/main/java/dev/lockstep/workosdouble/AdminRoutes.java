package dev.lockstep.workosdouble;

import dev.lockstep.identity.EventId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The door {@code /_double/}: what the Java API can do, for tests in any language. It needs the API key and never fails on purpose. */
final class AdminRoutes {
    private final WorkOsDouble workos;
    private final Rooms rooms;

    AdminRoutes(WorkOsDouble workos, Rooms rooms) {
        this.workos = workos;
        this.rooms = rooms;
    }

    void addTo(Routes routes) {
        routes.key("GET", "/_double/state", request -> state())
                .key("POST", "/_double/reset", request -> reset())
                .key("GET", "/_double/truth", this::truth)
                .key("POST", "/_double/clock", this::clock)
                .key("GET", "/_double/faults", request -> Response.ok(faults()))
                .key("POST", "/_double/faults", this::arm)
                .key("DELETE", "/_double/faults", request -> heal())
                .key("POST", "/_double/dark", request -> dark(Body.of(request)))
                .key("POST", "/_double/webhooks", this::nameEndpoint)
                .key("POST", "/_double/webhooks/{event}/resend", this::resend)
                .key("POST", "/_double/events", this::emit)
                .key("POST", "/_double/sessions", this::signIn)
                .key("POST", "/_double/population", this::populate);
    }

    private Response state() {
        WebhookCounts counts = workos.webhookCounts();
        ObjectNode state = Json.object()
                .put("base_url", workos.baseUrl().toString())
                .put("client_id", workos.clientId())
                .put("now", Json.instant(workos.clock().instant()))
                .put("frozen", workos.clock().isFrozen())
                .put("events", workos.eventCount())
                .put("pending_webhooks", workos.pendingWebhooks());
        state.putObject("webhooks")
                .put("sent", counts.sent())
                .put("accepted", counts.accepted())
                .put("dropped", counts.dropped())
                .put("given_up", counts.givenUp());
        return Response.ok(state);
    }

    private Response reset() {
        workos.reset();
        return state();
    }

    /** Everything, or with {@code kind=directory_user} one kind of documents. */
    private Response truth(Request request) {
        String wanted = request.query("kind");
        if (wanted == null) {
            return Response.ok(workos.truth().toJson());
        }
        for (Kind kind : Kind.values()) {
            if (kind.objectName().equals(wanted)) {
                return Response.ok(rooms.documents(kind));
            }
        }
        throw ApiRefusal.invalid("kind", "unknown_kind");
    }

    /** {@code now} sets, {@code advance} moves, {@code frozen} stops or goes on, in this order. */
    private Response clock(Request request) {
        Body body = Body.of(request);
        DoubleClock clock = workos.clock();
        try {
            String now = body.text("now");
            if (now != null) {
                clock.set(Instant.parse(now));
            }
            String advance = body.text("advance");
            if (advance != null) {
                clock.advance(Duration.parse(advance));
            }
        } catch (DateTimeParseException e) {
            throw ApiRefusal.invalid("now", "now_must_be_an_instant_and_advance_a_duration_like_PT1H");
        }
        body.flag("frozen").ifPresent(frozen -> {
            if (frozen) {
                clock.freeze();
            } else {
                clock.resume();
            }
        });
        return state();
    }

    private ObjectNode faults() {
        ObjectNode answer = Json.object().put("dark", workos.faults().isDark());
        ArrayNode armed = answer.putArray("armed");
        workos.faults().shown().forEach(fault -> armed.add(Json.tree(fault)));
        return answer;
    }

    private Response arm(Request request) {
        ArmedFault fault;
        try {
            fault = Json.read(Json.write(request.json()), ArmedFault.Shown.class)
                    .armed();
        } catch (JacksonException e) {
            throw ApiRefusal.badRequest(
                    "fault_invalid",
                    "A fault reads {\"fault\":{\"kind\":\"drop\"},\"count\":3} or has rate and seed in place of count.");
        }
        workos.faults().arm(fault);
        return Response.json(201, faults());
    }

    private Response heal() {
        workos.faults().heal();
        return Response.ok(faults());
    }

    private Response dark(Body body) {
        if (body.flag("dark").orElse(true)) {
            workos.faults().goDark();
        } else {
            workos.faults().comeBack();
        }
        return Response.ok(faults());
    }

    private Response nameEndpoint(Request request) {
        workos.deliverWebhooksTo(URI.create(Body.of(request).required("url")));
        return state();
    }

    private Response resend(Request request) {
        workos.resendWebhook(new EventId(request.variable("event")));
        return Response.nothing(202);
    }

    private Response emit(Request request) {
        Body body = Body.of(request);
        workos.emit(body.required("event"), Json.write(body.object("data")), organization(body));
        return Response.nothing(202);
    }

    private Response signIn(Request request) {
        Body body = Body.of(request);
        SignedIn signedIn = workos.signIn(new UserId(body.required("user_id")), organization(body));
        return Response.json(
                201,
                Json.object()
                        .put("session_id", signedIn.session().value())
                        .put("access_token", signedIn.accessToken())
                        .put("refresh_token", signedIn.refreshToken()));
    }

    private Response populate(Request request) {
        Body body = Body.of(request);
        workos.populate(
                body.number("users").orElse(0), body.number("organizations").orElse(0));
        return state();
    }

    private static @Nullable OrganizationId organization(Body body) {
        String id = body.text("organization_id");
        return id == null ? null : new OrganizationId(id);
    }
}
