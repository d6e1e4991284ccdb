package dev.lockstep.workosdouble;

import dev.lockstep.identity.RoleSlug;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an identity provider says of a person it provisions.
 *
 * @param idpId the provider's own id, not blank
 * @param role the role that the provider's groups map to, or null
 * @param customAttributes further attributes, shown as {@code custom_attributes}
 */
public record NewDirectoryUser(
        String idpId,
        @Nullable String email,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String jobTitle,
        @Nullable RoleSlug role,
        Map<String, String> customAttributes) {

    public NewDirectoryUser {
        if (idpId.isBlank()) {
            throw new IllegalArgumentException("the provider's id of a directory user is blank");
        }
        customAttributes = Map.copyOf(customAttributes);
    }

    /** A person whose id at the provider is made from the address. */
    public static NewDirectoryUser named(String email, String firstName, String lastName) {
        return new NewDirectoryUser("idp-" + email, email, firstName, lastName, null, null, Map.of());
    }

    @Override
    public String toString() {
        return "NewDirectoryUser[redacted]";
    }
}
