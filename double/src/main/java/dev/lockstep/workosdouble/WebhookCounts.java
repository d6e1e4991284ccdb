package dev.lockstep.workosdouble;

/**
 * What became of webhooks since the start.
 *
 * @param sent attempts that went out, copies included
 * @param accepted deliveries that were answered with 2xx
 * @param dropped deliveries that a fault swallowed
 * @param givenUp deliveries whose last retry was refused
 */
public record WebhookCounts(long sent, long accepted, long dropped, long givenUp) {}
