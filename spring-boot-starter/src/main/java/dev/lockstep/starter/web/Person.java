package dev.lockstep.starter.web;

import dev.lockstep.identity.AccountId;
import dev.lockstep.identity.Caller;
import dev.lockstep.identity.DefaultRole;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.sealing.UserJson;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling, with ids, names, organization and role. A handler takes it as a parameter marked {@link CurrentCaller};
 * it costs one statement, for the account. It says who somebody is, not what they may do: for rights there are the
 * {@code @Requires…} annotations. Prints ids only.
 *
 * @param account the key that application tables reference, or null when the row is not there yet
 * @param user the id in WorkOS
 * @param email as WorkOS has it, or null
 * @param displayName both names, or the e-mail address, or the id
 * @param organizationId the organization the session is in, or null
 * @param roles what the session's token says
 */
public record Person(
        @Nullable AccountId account,
        UserId user,
        @Nullable String email,
        @Nullable String firstName,
        @Nullable String lastName,
        String displayName,
        @Nullable OrganizationId organizationId,
        Set<RoleSlug> roles) {
    public Person {
        roles = Set.copyOf(roles);
    }

    static Person of(OpenSession open, @Nullable AccountId account) {
        Caller.SignedIn caller = open.caller();
        UserJson user = open.session().user();
        return new Person(
                account,
                caller.user(),
                user.text("email").orElse(null),
                user.text("firstName").orElse(null),
                user.text("lastName").orElse(null),
                displayName(user),
                caller.organizationId(),
                caller.roles());
    }

    static String displayName(UserJson user) {
        String full = Stream.of("firstName", "lastName")
                .flatMap(name -> user.text(name).stream())
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining(" "));
        return full.isEmpty() ? user.text("email").orElseGet(() -> user.id().value()) : full;
    }

    /** Returns the strongest of the four default roles in this organization, if one of them is there. */
    public Optional<DefaultRole> role() {
        return DefaultRole.of(roles);
    }

    @Override
    public String toString() {
        return "Person[" + user + (organizationId == null ? "" : " in " + organizationId) + "]";
    }
}
