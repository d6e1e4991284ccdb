package dev.lockstep.starter;

import dev.lockstep.workos.webhook.WebhookVerdict;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the doors of this node count: deliveries, rejected signatures, sign-ins, sessions. Thread-safe. */
public final class Signals {
    private final Tally<Webhook> webhooks = new Tally<>(Webhook.class);
    private final Tally<WebhookVerdict.Reason> rejections = new Tally<>(WebhookVerdict.Reason.class);
    private final Tally<SignIn> signIns = new Tally<>(SignIn.class);
    private final Tally<Method> methods = new Tally<>(Method.class);
    private final Tally<Session> sessions = new Tally<>(Session.class);

    /** What became of a delivery at the webhook mouth; the names serve as labels. */
    public enum Webhook {
        /** New, and committed. */
        STORED,
        /** Was there already. */
        DUPLICATE,
        /** Another body under an id that is taken; kept and parked. */
        CONFLICT,
        /** No signature that holds. */
        REJECTED,
        /** From an address that is not among those that may send. */
        NOT_ALLOWED,
        /** Not plain JSON. */
        NOT_JSON,
        /** Larger than the limit. */
        TOO_LARGE,
        /** Could not be stored; the sender comes again. */
        NOT_STORED
    }

    /** How a callback of a sign-in ended; the names serve as labels. */
    public enum SignIn {
        SUCCEEDED,
        /** The mirror knows that the user is deleted, the session could not be kept, or a listener objected. */
        DENIED,
        /** Forged, replayed, too old, or refused by WorkOS. */
        REFUSED,
        /** The attempt had to begin anew. */
        RESTARTED,
        /** WorkOS or its keys could not be reached. */
        UNAVAILABLE
    }

    /** By what people proved who they are; the names serve as labels. */
    public enum Method {
        PASSWORD,
        PASSKEY,
        MAGICAUTH,
        /** The connection of an organization. */
        SSO,
        APPLE,
        BITBUCKET,
        DISCORD,
        GITHUB,
        GITLAB,
        GOOGLE,
        INTUIT,
        LINKEDIN,
        MICROSOFT,
        SALESFORCE,
        SLACK,
        VERCEL,
        XERO,
        /** Somebody of the own team in a person's place. */
        IMPERSONATION,
        /** Whatever else WorkOS says, or nothing. */
        OTHER;

        private static final Map<String, Method> BY_NAME =
                Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Method::label, method -> method));

        /** @param said as WorkOS says it, such as {@code GoogleOAuth}; null when it says nothing */
        public static Method of(@Nullable String said) {
            if (said == null) {
                return OTHER;
            }
            String name = said.toLowerCase(Locale.ROOT).replace("_", "");
            String provider = name.endsWith("oauth") ? name.substring(0, name.length() - "oauth".length()) : name;
            return BY_NAME.getOrDefault(provider, OTHER);
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a request's session cookie turned out to be; the names serve as labels. */
    public enum Session {
        VALID,
        /** Had to be refreshed, and was. */
        REFRESHED,
        /** Could not be refreshed now and is still good. */
        KEPT,
        EXPIRED,
        TAMPERED,
        REVOKED,
        /** WorkOS has ended it. */
        ENDED,
        /** Keys or WorkOS cannot be reached: no verdict. */
        CANNOT_VERIFY
    }

    /** Deliveries. */
    public Tally<Webhook> webhooks() {
        return webhooks;
    }

    /** Why signatures did not hold. */
    public Tally<WebhookVerdict.Reason> rejections() {
        return rejections;
    }

    /** Sign-ins. */
    public Tally<SignIn> signIns() {
        return signIns;
    }

    /** Sign-ins that succeeded, by method. */
    public Tally<Method> methods() {
        return methods;
    }

    /** Session cookies. */
    public Tally<Session> sessions() {
        return sessions;
    }
}
