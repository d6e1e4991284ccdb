package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.workos.object.WorkOsUser;
import dev.lockstep.workos.user.UserChange;
import dev.lockstep.workos.user.UsersApi;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** One's own name. It belongs to WorkOS: it is changed there, and the mirror shows it before the answer. */
@RestController
@RequestMapping("/api/v1/me/name")
final class OwnNameController {
    private static final int LONGEST = 100;

    private final UsersApi users;
    private final Writes writes;

    OwnNameController(UsersApi users, Writes writes) {
        this.users = users;
        this.writes = writes;
    }

    /** Both parts as they shall be; an empty one is taken away. */
    record NewName(@Nullable String firstName, @Nullable String lastName) {}

    @PostMapping
    @RefusesImpersonation
    Map<String, Object> change(
            @CurrentCaller Caller.SignedIn caller, @RequestBody NewName name, HttpServletResponse response) {
        String first = part(name.firstName());
        String last = part(name.lastName());
        if (first == null && last == null) {
            throw unusable();
        }
        UserChange change = UserChange.nothing().firstName(first).lastName(last);
        WorkOsUser user = writes.carryOut(response, through -> through.user(() -> users.update(caller.user(), change)))
                .reply();
        Map<String, @Nullable String> now = new LinkedHashMap<>();
        now.put("firstName", user.firstName());
        now.put("lastName", user.lastName());
        return AuthController.success(now);
    }

    private static @Nullable String part(@Nullable String text) {
        String part = text == null ? "" : text.strip();
        if (part.codePointCount(0, part.length()) > LONGEST || part.chars().anyMatch(Character::isISOControl)) {
            throw unusable();
        }
        return part.isEmpty() ? null : part;
    }

    private static Refusal unusable() {
        return new Refusal(new Problem(
                HttpStatus.BAD_REQUEST,
                "NAME_UNUSABLE",
                "A name has 1 to " + LONGEST + " characters and no control characters. Correct it."));
    }
}
