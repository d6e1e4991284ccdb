package dev.lockstep.starter.socket;

/** Puts the pieces of one message together, up to a limit. The container gives them one after another. */
final class MessageParts {
    private final int mostChars;
    private final int mostParts;
    private StringBuilder text = new StringBuilder(0);
    private int parts;

    MessageParts(int mostChars, int mostParts) {
        this.mostChars = mostChars;
        this.mostParts = mostParts;
    }

    /** Returns false when the message is too long, or comes in too many pieces. */
    boolean add(String part) {
        parts++;
        if (parts > mostParts || text.length() + part.length() > mostChars) {
            text = new StringBuilder(0);
            return false;
        }
        text.append(part);
        return true;
    }

    /** The whole message; the next one begins. */
    String take() {
        String whole = text.toString();
        text = new StringBuilder(0);
        parts = 0;
        return whole;
    }
}
