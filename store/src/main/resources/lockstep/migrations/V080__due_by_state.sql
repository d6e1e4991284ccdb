-- What was never tried is due at once, in the order of arrival; what has failed is due at its time. An index for each
-- finds the oldest unapplied event without walking a backlog, and is all the order that a claim needs.
CREATE INDEX inbox_new ON lockstep.inbox (seq) WHERE state = 'new';
CREATE INDEX inbox_retry ON lockstep.inbox (next_at, seq) WHERE state = 'retry';
DROP INDEX lockstep.inbox_due;
