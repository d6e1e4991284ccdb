package dev.lockstep.examples.spring;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.live.function.ArgField;
import dev.lockstep.live.function.Args;
import dev.lockstep.live.function.LiveError;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.MutationContext;
import dev.lockstep.live.function.QueryContext;
import dev.lockstep.live.function.Row;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.starter.LiveFunctionSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What pages may ask and do: {@code useQuery("projects:list")} and {@code useMutation("projects:create")}. */
@Component
class ProjectFunctions implements LiveFunctionSource {
    private static final String LIST = """
            SELECT id, name, created_by AS "createdBy", created_at AS "createdAt"
            FROM app.projects WHERE organization_id = :organization ORDER BY created_at, id
            """;
    private static final String CREATE = """
            INSERT INTO app.projects (organization_id, name, created_by) VALUES (:organization, :name, :user)
            """;

    @Override
    public void addTo(LiveFunctions.Builder functions) {
        functions.query("projects:list", (context, args) -> list(context));
        functions.mutation("projects:create", ProjectFunctions::create, ArgField.text("name"));
    }

    private static List<Map<String, @Nullable Object>> list(QueryContext context) {
        if (!(context.caller() instanceof Caller.SignedIn caller) || caller.organizationId() == null) {
            return List.of();
        }
        String organization = caller.organizationId().value();
        return context
                .sql(List.of(Dependency.key("app.projects", "organization_id", organization)), LIST)
                .param("organization", organization)
                .rows()
                .stream()
                .map(Row::toMap)
                .toList();
    }

    private static @Nullable Object create(MutationContext context, Args args) {
        Caller.SignedIn caller = signedIn(context);
        OrganizationId organization = caller.organization()
                .orElseThrow(() -> new LiveError("Choose an organization first.", Map.of("code", "NO_ORGANIZATION")));
        if (args.text("name").isBlank()) {
            throw new LiveError("A project needs a name.", Map.of("code", "NAME_MISSING"));
        }
        context.tx()
                .sql(CREATE)
                .param("organization", organization.value())
                .param("name", args.text("name"))
                .param("user", caller.user().value())
                .update();
        return null;
    }

    private static Caller.SignedIn signedIn(QueryContext context) {
        if (context.caller() instanceof Caller.SignedIn caller) {
            return caller;
        }
        throw new LiveError("Nobody is signed in.", Map.of("code", "UNAUTHORIZED"));
    }
}
