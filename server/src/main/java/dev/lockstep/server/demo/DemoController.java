package dev.lockstep.server.demo;

import dev.lockstep.identity.Caller;
import dev.lockstep.starter.web.CurrentCaller;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The demo panel: what one would do in the WorkOS dashboard, for the one who is signed in. Absent outside the demo. */
@RestController
@ConditionalOnBean(WorkOsDouble.class)
@RequestMapping("/api/demo")
class DemoController {
    private final WorkOsDouble workOs;

    DemoController(WorkOsDouble workOs) {
        this.workOs = workOs;
    }

    /** The new name, as typed; at least one part must say something. */
    record NewName(@Nullable String firstName, @Nullable String lastName) {
        private static final int LONGEST = 100;

        boolean isUsable() {
            return first().length() <= LONGEST
                    && last().length() <= LONGEST
                    && !(first().isEmpty() && last().isEmpty());
        }

        String first() {
            return firstName == null ? "" : firstName.strip();
        }

        String last() {
            return lastName == null ? "" : lastName.strip();
        }
    }

    @PostMapping("/rename")
    ResponseEntity<Map<String, Object>> rename(@CurrentCaller Caller.SignedIn caller, @RequestBody NewName name) {
        if (!name.isUsable()) {
            return ResponseEntity.badRequest()
                    .body(Map.of(
                            "success",
                            false,
                            "error",
                            Map.of("code", "NAME_UNUSABLE", "message", "A name has 1 to 100 characters. Correct it.")));
        }
        workOs.renameUser(caller.user(), name.first(), name.last());
        return ResponseEntity.ok(Map.of("success", true, "data", Map.of()));
    }

    @PostMapping("/drop-next-webhook")
    Map<String, Object> dropNextWebhook(@CurrentCaller Caller.SignedIn caller) {
        workOs.faults().dropNextWebhooks(1);
        return Map.of("success", true, "data", Map.of());
    }
}
