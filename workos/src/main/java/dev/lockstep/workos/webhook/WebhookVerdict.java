package dev.lockstep.workos.webhook;

import java.time.Instant;

/** Whether a webhook comes from somebody who knows the secret, and came just now. Says nothing about the body. */
public sealed interface WebhookVerdict {

    /**
     * It does.
     *
     * @param signedAt when WorkOS signed it
     */
    record Verified(Instant signedAt) implements WebhookVerdict {}

    /**
     * It does not; the sender learns no more than that.
     *
     * @param reason for our own counters and logs
     */
    record Rejected(Reason reason) implements WebhookVerdict {}

    /** Why a webhook was rejected; the names are stable and serve as metric labels. */
    enum Reason {
        /** There is no signature header, or an empty one. */
        HEADER_MISSING,
        /** There are several signature headers. */
        HEADER_REPEATED,
        /** The header does not follow the grammar. */
        HEADER_MALFORMED,
        /** Signed longer ago than the tolerance allows, or with a time in seconds. */
        TOO_OLD,
        /** Signed further in the future than the tolerance allows. */
        IN_THE_FUTURE,
        /** No signature matches any of the secrets. */
        NO_MATCH
    }
}
