package dev.lockstep.audit;

/**
 * The last row of the chain at some moment. Kept somewhere else, it shows later that no tail was cut off.
 *
 * @param seq the number of the row; 0 for an empty chain
 * @param hash its hash in lower-case hexadecimal
 */
public record AuditHead(long seq, String hash) {}
