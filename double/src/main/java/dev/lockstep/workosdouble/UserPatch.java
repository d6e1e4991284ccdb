package dev.lockstep.workosdouble;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a PUT on a user asks for; a null or absent part stays as it is. */
record UserPatch(
        @Nullable String email,
        Edit firstName,
        Edit lastName,
        @Nullable Boolean emailVerified,
        Edit externalId,
        @Nullable Map<String, String> metadata) {

    static UserPatch name(String first, String last) {
        return new UserPatch(null, Edit.to(first), Edit.to(last), null, Edit.KEEP, null);
    }

    static UserPatch email(String email) {
        return new UserPatch(email, Edit.KEEP, Edit.KEEP, null, Edit.KEEP, null);
    }

    /** One nullable field in a patch: "leave it" and "set it to null" are different wishes. */
    record Edit(boolean set, @Nullable String value) {
        static final Edit KEEP = new Edit(false, null);

        static Edit to(@Nullable String value) {
            return new Edit(true, value);
        }

        @Nullable
        String or(@Nullable String old) {
            return set ? value : old;
        }
    }
}
