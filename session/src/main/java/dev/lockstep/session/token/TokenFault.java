package dev.lockstep.session.token;

/** Why a token may never be believed. Safe to log and to count. */
public enum TokenFault {
    /** Longer than the limit, so not even parsed. */
    TOO_LONG,
    /** Not three canonical segments holding two JSON objects without a name twice. */
    MALFORMED,
    /** Not RS256. */
    ALGORITHM,
    /** The header names keys of its own, or extensions we must understand and do not. */
    HEADER,
    /** A token of another kind. */
    TYPE,
    /** A claim that must be there is missing or of the wrong shape. */
    CLAIMS,
    /** Made by somebody we do not listen to. */
    ISSUER,
    /** Made for somebody else. */
    AUDIENCE,
    /** No key of WorkOS has this id. */
    UNKNOWN_KEY,
    /** The signature is not by the key it names. */
    SIGNATURE,
    /** Dated in the future. */
    NOT_YET_VALID,
    /** Lives longer than any access token may. */
    LIFETIME
}
