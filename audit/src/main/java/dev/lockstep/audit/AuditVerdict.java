package dev.lockstep.audit;

/** What a check of the chain found. */
public sealed interface AuditVerdict {

    /** Every row follows from the one before it. */
    record Intact(AuditHead head) implements AuditVerdict {}

    /**
     * The chain is broken.
     *
     * @param seq the first row that is missing, changed or out of place
     * @param reason which of these
     */
    record Broken(long seq, Reason reason) implements AuditVerdict {}

    /** What is wrong with the row. */
    enum Reason {
        /** There is no row of this number although there are later ones, or a later head is known. */
        MISSING,
        /** The row does not name the hash of the row before it. */
        NOT_LINKED,
        /** The row is not what was recorded, or was written without the key. */
        CHANGED
    }
}
