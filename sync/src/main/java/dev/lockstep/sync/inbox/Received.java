package dev.lockstep.sync.inbox;

/**
 * One event as it came in.
 *
 * @param body the bytes, not to be changed by anybody
 * @param source the mouth
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
public record Received(byte[] body, Source source) {
    @Override
    public String toString() {
        return "Received[" + body.length + " bytes, " + source + "]";
    }
}
