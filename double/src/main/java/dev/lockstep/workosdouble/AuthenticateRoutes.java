package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** {@code /user_management/authenticate} and the key sets: grants in, tokens out. */
final class AuthenticateRoutes {
    private final World world;
    private final SignIn signIn;
    private final Tokens tokens;
    private final House house;

    AuthenticateRoutes(World world, SignIn signIn, Tokens tokens, House house) {
        this.world = world;
        this.signIn = signIn;
        this.tokens = tokens;
        this.house = house;
    }

    void addTo(Routes routes) {
        routes.open("POST", "/user_management/authenticate", this::authenticate)
                .open("GET", "/sso/jwks/{client}", this::jwks)
                .open("GET", "/user_management/sessions/jwks/{client}", this::jwks);
    }

    private Response authenticate(Request request) {
        Map<String, String> fields = request.fields();
        if (!Secrets.same(house.clientId(), fields.getOrDefault("client_id", ""))) {
            throw ApiRefusal.oauth(400, "invalid_client", "Invalid client ID.");
        }
        if (!Secrets.same(house.apiKey(), fields.getOrDefault("client_secret", ""))) {
            throw ApiRefusal.oauth(401, "invalid_client", "Invalid client secret.");
        }
        String grant = fields.getOrDefault("grant_type", "");
        SignedIn signedIn = switch (grant) {
            case "authorization_code" -> signIn.redeem(required(fields, "code"), fields.get("code_verifier"));
            case "refresh_token" -> {
                String organization = fields.get("organization_id");
                yield signIn.refresh(
                        required(fields, "refresh_token"),
                        organization == null ? null : new OrganizationId(organization));
            }
            default ->
                throw ApiRefusal.oauth(
                        400, "unsupported_grant_type", "The double knows authorization_code and refresh_token.");
        };
        return Response.ok(answer(signedIn));
    }

    private ObjectNode answer(SignedIn signedIn) {
        ObjectNode body = Json.object();
        body.set("user", world.read(tables -> Wire.user(Registry.user(tables, signedIn.user()))));
        body.put(
                "organization_id",
                signedIn.organization() == null ? null : signedIn.organization().value());
        return body.put("access_token", signedIn.accessToken())
                .put("refresh_token", signedIn.refreshToken())
                .put("authentication_method", signedIn.authMethod());
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null || value.isBlank()) {
            throw ApiRefusal.oauth(400, "invalid_request", "The field " + name + " is missing.");
        }
        return value;
    }

    private Response jwks(Request request) {
        if (!house.clientId().equals(request.variable("client"))) {
            throw ApiRefusal.notFound("Client", request.variable("client"));
        }
        return Response.ok(tokens.jwks());
    }
}
