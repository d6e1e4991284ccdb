package dev.lockstep.examples.spring;

import dev.lockstep.identity.Caller;
import dev.lockstep.starter.web.CurrentCaller;
import dev.lockstep.starter.web.RequiresRole;
import dev.lockstep.store.Database;
import java.util.Map;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Plain REST beside the live functions. */
@RestController
class ProjectsController {
    private static final String DELETE_ALL = "DELETE FROM app.projects WHERE organization_id = :organization";

    private final Database database;

    ProjectsController(Database database) {
        this.database = database;
    }

    @GetMapping("/hello")
    Map<String, String> hello(@CurrentCaller Caller.SignedIn caller) {
        return Map.of("hello", caller.user().value());
    }

    @DeleteMapping("/projects")
    @RequiresRole("owner")
    Map<String, Integer> deleteAll(@CurrentCaller Caller.SignedIn caller) {
        String organization = caller.organization().orElseThrow().value();
        int deleted = database.write(
                tx -> tx.sql(DELETE_ALL).param("organization", organization).update());
        return Map.of("deleted", deleted);
    }
}
