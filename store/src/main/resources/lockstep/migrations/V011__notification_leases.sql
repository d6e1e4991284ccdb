-- A delivery that was begun on a node that died is due again when its lease is over.
DROP INDEX app.notifications_due;
CREATE INDEX notifications_due ON app.notifications (next_at) WHERE status IN ('PENDING', 'QUEUED', 'PROCESSING');
COMMENT ON COLUMN app.notifications.next_at IS 'PENDING, QUEUED: when to try. PROCESSING: when the attempt counts as lost.';
