package dev.lockstep.notify;

import dev.lockstep.identity.UserId;
import java.util.UUID;

/**
 * A way out of the application, such as a mail server. Delivery is at least once: after a crash the same message may
 * come again under the same id, which the other side can use to drop it.
 */
public interface Channel {

    /** Which notifications it carries; never IN_APP. */
    ChannelKind kind();

    /**
     * Tries once, within the lease, without holding a transaction. Throwing counts as {@link Outcome.Again}.
     */
    Outcome deliver(Message message);

    /**
     * What is to be delivered.
     *
     * @param id stable over all attempts
     */
    record Message(UUID id, UserId to, String subject, String text) {
        @Override
        public String toString() {
            return "Message[" + id + "]";
        }
    }

    /** How an attempt ended. */
    sealed interface Outcome {
        /** The other side has it. */
        record Delivered() implements Outcome {}

        /**
         * It may work later.
         *
         * @param code why, without personal values
         */
        record Again(String code) implements Outcome {}

        /**
         * It will never work, such as an address that does not exist.
         *
         * @param code why, without personal values
         */
        record Refused(String code) implements Outcome {}
    }
}
