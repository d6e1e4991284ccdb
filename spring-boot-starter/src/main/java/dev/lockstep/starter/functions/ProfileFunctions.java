package dev.lockstep.starter.functions;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.function.LiveError;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.MutationContext;
import dev.lockstep.live.shape.Patch;
import dev.lockstep.live.shape.Shape;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a person may change about themselves: the columns that belong to the application, never those of WorkOS. */
final class ProfileFunctions {
    private static final int LONGEST_BIO = 2_000;
    private static final String UPDATE = """
            UPDATE app.profiles SET
              bio = CASE WHEN :set_bio THEN :bio ELSE bio END,
              timezone = coalesce(:timezone, timezone),
              updated_at = now()
            WHERE workos_user_id = :user
            """;
    private static final String INSERT = """
            INSERT INTO app.profiles (account_id, workos_user_id, bio, timezone)
            SELECT id, workos_user_id, :bio, coalesce(:timezone, 'UTC') FROM app.accounts WHERE workos_user_id = :user
            """;

    private ProfileFunctions() {}

    /** What changes; what is left out stays. */
    public record ProfileChange(Patch<String> bio, Optional<String> timezone) {}

    static void register(LiveFunctions.Builder functions) {
        functions.mutation("profiles:update", ProfileChange.class, Shape.nothing(), ProfileFunctions::update);
    }

    private static @Nullable Object update(MutationContext context, ProfileChange change) {
        if (!(context.caller() instanceof Caller.SignedIn caller)) {
            throw new LiveError("Nobody is signed in. Sign in and try again.", Map.of("code", "UNAUTHORIZED"));
        }
        String bio = change.bio().value();
        String timezone = change.timezone().orElse(null);
        check(bio, timezone);
        int changed = context.tx()
                .sql(UPDATE)
                .param("set_bio", change.bio().given())
                .param("bio", bio, java.sql.Types.VARCHAR)
                .param("timezone", timezone, java.sql.Types.VARCHAR)
                .param("user", caller.user().value())
                .update();
        if (changed == 0) {
            insert(context, caller, bio, timezone);
        }
        return null;
    }

    private static void insert(
            MutationContext context, Caller.SignedIn caller, @Nullable String bio, @Nullable String timezone) {
        int inserted = context.tx()
                .sql(INSERT)
                .param("bio", bio, java.sql.Types.VARCHAR)
                .param("timezone", timezone, java.sql.Types.VARCHAR)
                .param("user", caller.user().value())
                .update();
        if (inserted != 1) {
            throw new LiveError(
                    "Your account is still being set up. Try again in a moment.", Map.of("code", "ACCOUNT_NOT_READY"));
        }
    }

    private static void check(@Nullable String bio, @Nullable String timezone) {
        if (bio != null && bio.codePointCount(0, bio.length()) > LONGEST_BIO) {
            throw new LiveError(
                    "A bio has at most " + LONGEST_BIO + " characters. Shorten it and save again.",
                    Map.of("code", "BIO_TOO_LONG", "limit", (double) LONGEST_BIO));
        }
        if (bio != null && bio.indexOf('\0') >= 0) {
            throw new LiveError("A bio cannot hold the NUL character.", Map.of("code", "BIO_UNUSABLE"));
        }
        if (timezone != null) {
            try {
                ZoneId.of(timezone);
            } catch (DateTimeException e) {
                throw new LiveError(
                        "That time zone is not known. Choose one like Europe/Vienna.",
                        Map.of("code", "TIMEZONE_UNKNOWN"));
            }
        }
    }
}
