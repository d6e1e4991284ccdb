package dev.lockstep.session.sealing;

import dev.lockstep.session.problem.SessionProblem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;

/**
 * The cookie passwords, current first: the first one seals, all of them open, so a password is changed by putting the
 * new one in front and dropping the old one when its cookies have run out. Immutable; prints no secret.
 */
public final class CookieKeys {
    /** The shortest password the Node libraries accept, in UTF-16 units. */
    public static final int SHORTEST = 32;

    private final List<byte[]> secrets;

    private CookieKeys(List<byte[]> secrets) {
        this.secrets = secrets;
    }

    /**
     * @param passwords current first, each at least 32 UTF-16 units
     * @throws SessionProblem naming everything that is wrong with them
     */
    public static CookieKeys of(List<String> passwords) {
        var problems = new ArrayList<String>();
        if (passwords.isEmpty()) {
            problems.add("no cookie password is set: set one of at least " + SHORTEST + " characters");
        }
        var seen = new HashSet<String>();
        var secrets = new ArrayList<byte[]>();
        for (int i = 0; i < passwords.size(); i++) {
            String password = passwords.get(i);
            String which = "cookie password " + (i + 1) + " of " + passwords.size();
            if (password.length() < SHORTEST) {
                problems.add(which + " has " + password.length() + " characters: use at least " + SHORTEST);
            }
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(password)) {
                problems.add(which + " holds half of a surrogate pair: use well-formed text");
            }
            if (!seen.add(password)) {
                problems.add(which + " stands in the list twice: remove one of them");
            }
            secrets.add(password.getBytes(StandardCharsets.UTF_8));
        }
        SessionProblem.throwIfAny(SessionProblem.Code.SESSION_PASSWORDS_INVALID, problems);
        return new CookieKeys(List.copyOf(secrets));
    }

    /** Returns other keys, one for each of these, from which nothing sealed for another purpose opens. */
    public CookieKeys derivedFor(String purpose) {
        byte[] label = ("lockstep/" + purpose + "/v1").getBytes(StandardCharsets.UTF_8);
        var derived = new ArrayList<byte[]>();
        for (byte[] mac : macs(label)) {
            derived.add(HexFormat.of().formatHex(mac).getBytes(StandardCharsets.US_ASCII));
        }
        return new CookieKeys(List.copyOf(derived));
    }

    /** Returns the HMAC-SHA-256 of a message under each key, current first. */
    public List<byte[]> macs(byte[] message) {
        var macs = new ArrayList<byte[]>();
        for (byte[] secret : secrets) {
            macs.add(Digests.hmacSha256(secret, message));
        }
        return macs;
    }

    List<byte[]> secrets() {
        return secrets;
    }

    @Override
    public String toString() {
        return "CookieKeys[" + secrets.size() + "]";
    }
}
