package dev.lockstep.session.problem;

import java.util.List;

/**
 * The one exception of this module: a setting or an argument that cannot work, with a stable code and every reason at
 * once. What a visitor sends is never an exception; it ends in one of the sealed outcomes.
 */
public final class SessionProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The stable codes; each stands in the published list of errors. */
    public enum Code {
        /** The cookie passwords are missing, too short or repeated. */
        SESSION_PASSWORDS_INVALID,
        /** The cookie's name, lifetime, public URL, domain or SameSite value cannot work. */
        SESSION_COOKIE_SETTINGS_INVALID,
        /** The client id, the issuers or the clock leeway of token checks cannot work. */
        SESSION_TOKEN_SETTINGS_INVALID,
        /** The WorkOS address, the client id or the redirect URI of the login flow cannot work. */
        SESSION_LOGIN_SETTINGS_INVALID,
        /** The program asked for a login that WorkOS would refuse. */
        SESSION_LOGIN_REQUEST_INVALID
    }

    private final Code code;

    @SuppressWarnings("serial") // List.copyOf is serializable
    private final List<String> reasons;

    /**
     * @param code the stable code
     * @param reasons each one sentence with the next step; never a secret
     */
    public SessionProblem(Code code, List<String> reasons) {
        super(code + ": " + String.join("; ", reasons));
        this.code = code;
        this.reasons = List.copyOf(reasons);
    }

    /** Returns the stable code. */
    public Code code() {
        return code;
    }

    /** Returns every reason, each with its next step. */
    public List<String> reasons() {
        return reasons;
    }

    /** Throws if there is any reason to. */
    public static void throwIfAny(Code code, List<String> reasons) {
        if (!reasons.isEmpty()) {
            throw new SessionProblem(code, reasons);
        }
    }
}
