package dev.lockstep.identity;

/** The one check every id record makes. It says what is wrong, never the value. */
final class Ids {
    private static final int LONGEST = 255;

    private Ids() {}

    static void check(String what, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(what + " is blank");
        }
        if (value.length() > LONGEST) {
            throw new IllegalArgumentException(
                    what + " is " + value.length() + " characters long, the limit is " + LONGEST);
        }
    }
}
