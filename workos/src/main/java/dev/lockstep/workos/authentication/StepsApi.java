package dev.lockstep.workos.authentication;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.workos.Call;
import dev.lockstep.workos.Lookup;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Signing in on pages of one's own: a password or an e-mailed code, and the answers to what WorkOS asks then. A refusal
 * with a {@link Challenge} is not the end: answer it with the method that its code names. Each call is sent once. Safe
 * for all threads; blocks.
 */
public final class StepsApi {
    private static final String WORKOS_GRANT = "urn:workos:oauth:grant-type:";

    private final WorkOsClient client;
    private final Grants grants;

    /** Uses a client with its urgency. */
    public StepsApi(WorkOsClient client) {
        this.client = client;
        this.grants = new Grants(client);
    }

    /**
     * Signs in with a password.
     *
     * @param invitationToken the invitation to accept on the way, or null
     */
    public AuthenticationOutcome withPassword(
            String email, String password, @Nullable String invitationToken, Visitor visitor) {
        ObjectNode body = grants.grant("password", visitor).put("email", email).put("password", password);
        if (invitationToken != null) {
            body.put("invitation_token", invitationToken);
        }
        return grants.authenticate(body);
    }

    /**
     * Signs in with the code of a Magic Auth message.
     *
     * @param invitationToken the invitation to accept on the way, or null
     */
    public AuthenticationOutcome withMagicAuth(
            String email, String code, @Nullable String invitationToken, Visitor visitor) {
        ObjectNode body = grants.grant(WORKOS_GRANT + "magic-auth:code", visitor)
                .put("email", email)
                .put("code", code);
        if (invitationToken != null) {
            body.put("invitation_token", invitationToken);
        }
        return grants.authenticate(body);
    }

    /** Answers {@code email_verification_required} with the code that was sent. */
    public AuthenticationOutcome withEmailVerification(Challenge challenge, String code, Visitor visitor) {
        return answer("email-verification:code", challenge, visitor).with("code", code);
    }

    /**
     * Answers {@code mfa_challenge} with the code of an authenticator.
     *
     * @param authenticationChallengeId from the challenge, or from {@link #challengeFactor}
     */
    public AuthenticationOutcome withTotp(
            Challenge challenge, String authenticationChallengeId, String code, Visitor visitor) {
        return answer("mfa-totp", challenge, visitor)
                .and("authentication_challenge_id", authenticationChallengeId)
                .with("code", code);
    }

    /** Answers {@code organization_selection_required} with one of the organizations. */
    public AuthenticationOutcome withOrganization(Challenge challenge, OrganizationId chosen, Visitor visitor) {
        return answer("organization-selection", challenge, visitor).with("organization_id", chosen.value());
    }

    /** Answers a Radar challenge by e-mail. */
    public AuthenticationOutcome withRadarEmail(
            Challenge challenge, String radarChallengeId, String code, Visitor visitor) {
        return answer("radar-email-challenge:code", challenge, visitor)
                .and("radar_challenge_id", radarChallengeId)
                .with("code", code);
    }

    /** Answers a Radar challenge by text message. */
    public AuthenticationOutcome withRadarSms(
            Challenge challenge, String verificationId, String phoneNumber, String code, Visitor visitor) {
        return answer("radar-sms-challenge:code", challenge, visitor)
                .and("verification_id", verificationId)
                .and("phone_number", phoneNumber)
                .with("code", code);
    }

    /**
     * Asks for a code of one of the person's factors.
     *
     * @return the id of the authentication challenge
     * @throws WorkOsException when WorkOS does not make one
     */
    public String challengeFactor(String factorId) {
        Call call = Call.post(
                "/auth/factors/" + Call.segment(factorId) + "/challenge", JsonNodeFactory.instance.objectNode());
        JsonNode id = Lookup.require(client, call, answer -> answer.path("id"));
        if (!id.isString()) {
            throw new WorkOsException(new MalformedAnswer("the challenge has no id"));
        }
        return id.stringValue();
    }

    private Answer answer(String type, Challenge challenge, Visitor visitor) {
        return new Answer(
                grants,
                grants.grant(WORKOS_GRANT + type, visitor)
                        .put("pending_authentication_token", challenge.pendingToken()));
    }

    private record Answer(Grants grants, ObjectNode body) {
        Answer and(String name, String value) {
            body.put(name, value);
            return this;
        }

        AuthenticationOutcome with(String name, String value) {
            return grants.authenticate(body.put(name, value));
        }
    }
}
