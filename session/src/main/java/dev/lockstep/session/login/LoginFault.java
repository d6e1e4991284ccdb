package dev.lockstep.session.login;

import java.util.Locale;

/** Why a way back from WorkOS does not end in a session. Stable: the names reach addresses and logs. */
public enum LoginFault {
    /** A parameter came more than once. */
    PARAMETER_REPEATED,
    /** There is neither a code nor an error. */
    MISSING_AUTH_PARAMS,
    /** The person, or the provider for them, said no. */
    ACCESS_DENIED,
    /** WorkOS or the provider ended the attempt with another error. */
    PROVIDER_ERROR,
    /** This browser did not begin the attempt, or has finished it already. */
    PKCE_COOKIE_MISSING,
    /** The attempt's cookie came more than once. */
    PKCE_COOKIE_REPEATED,
    /** The state is not the one this browser holds. */
    STATE_MISMATCH,
    /** The state was not made by us. */
    STATE_INVALID,
    /** The attempt took longer than ten minutes. */
    STATE_EXPIRED,
    /** The attempt has been finished already. */
    STATE_REPLAYED,
    /** The answer names an issuer that is not WorkOS. */
    ISSUER_MISMATCH,
    /** WorkOS will not take the code. */
    CODE_REFUSED,
    /** WorkOS answered with a token that does not hold. */
    TOKEN_REFUSED,
    /** The token speaks for somebody else than the user beside it. */
    USER_MISMATCH;

    /** Returns the name as it stands in an address. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
