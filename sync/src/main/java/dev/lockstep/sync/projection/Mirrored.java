package dev.lockstep.sync.projection;

import java.util.Arrays;

/** The kinds of objects that WorkOS can list and the mirror holds, parents first. Sessions come from events alone. */
public enum Mirrored {
    /** Listed for the whole environment. */
    USERS("users", "''"),
    /** Listed for the whole environment. */
    ORGANIZATIONS("organizations", "''"),
    /** Listed within one organization each. */
    MEMBERSHIPS("organization_memberships", "t.organization_id");

    private final String word;
    private final String scope;

    Mirrored(String word, String scope) {
        this.word = word;
        this.scope = scope;
    }

    /** The name of the table in schema {@code workos}, and of the kind wherever it is written down. */
    public String word() {
        return word;
    }

    /** The kind behind a {@link #word}. */
    public static Mirrored of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the mirror has no such kind of object"));
    }

    /** Puts this kind's table and its scope into a statement that is written for all of them, under the alias t. */
    public String in(String statement) {
        return statement.replace("{table}", "workos." + word).replace("{scope}", scope);
    }
}
