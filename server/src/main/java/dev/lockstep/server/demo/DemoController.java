package dev.lockstep.server.demo;

import dev.lockstep.identity.Caller;
import dev.lockstep.starter.web.CurrentCaller;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
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

    /** The new name, as typed. */
    record NewName(String firstName, String lastName) {}

    @PostMapping("/rename")
    Map<String, Object> rename(@CurrentCaller Caller.SignedIn caller, @RequestBody NewName name) {
        workOs.renameUser(caller.user(), name.firstName(), name.lastName());
        return Map.of("success", true, "data", Map.of());
    }

    @PostMapping("/drop-next-webhook")
    Map<String, Object> dropNextWebhook(@CurrentCaller Caller.SignedIn caller) {
        workOs.faults().dropNextWebhooks(1);
        return Map.of("success", true, "data", Map.of());
    }
}
