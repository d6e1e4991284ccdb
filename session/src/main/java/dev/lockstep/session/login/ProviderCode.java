package dev.lockstep.session.login;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An error code of another party, kept only if it can do no harm wherever it is shown. */
final class ProviderCode {
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_]{1,64}");

    private ProviderCode() {}

    static @Nullable String of(String code) {
        return HARMLESS.matcher(code).matches() ? code : null;
    }
}
