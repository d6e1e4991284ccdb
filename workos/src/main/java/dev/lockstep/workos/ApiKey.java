package dev.lockstep.workos;

/**
 * The API key of one WorkOS environment. It prints as nothing and leaves this module only as a request header or a
 * client secret.
 *
 * @param value as WorkOS shows it, never blank, printable ASCII
 */
public record ApiKey(String value) {
    public ApiKey {
        if (value.isBlank() || !value.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                    "the WorkOS API key is blank or holds characters no key has; check WORKOS_API_KEY");
        }
    }

    @Override
    public String toString() {
        return "ApiKey[redacted]";
    }
}
