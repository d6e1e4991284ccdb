package dev.lockstep.store.feed;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A committed transaction and the clock right after it: every tick at or after {@code after} contains its writes.
 *
 * @param result what the work returned
 * @param xid the transaction's 64-bit id; empty when it wrote nothing
 * @param after the clock, read after the commit
 */
public record Committed<T extends @Nullable Object>(T result, OptionalLong xid, Reading after) {}
