package dev.lockstep.session.sealing;

/** Why a seal does not open. Safe to log and to count: it says nothing of the content. */
public enum SealFault {
    /** Longer than any browser would keep. */
    TOO_LONG,
    /** Does not end in exactly {@code ~2}. */
    SUFFIX,
    /** Not eight parts. */
    COMPONENTS,
    /** Not an iron seal of format 2. */
    PREFIX,
    /** The expiry is not a number. */
    EXPIRATION,
    /** Sealed under a password id we do not have. */
    KEY_ID,
    /** None of our keys made it. */
    INTEGRITY,
    /** Authentic, but it does not decrypt. */
    CIPHERTEXT,
    /** Authentic, but the content is not what its purpose asks for. */
    CONTENT
}
