package dev.lockstep.examples.spring;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.live.function.LiveError;
import dev.lockstep.live.function.LiveMutation;
import dev.lockstep.live.function.LiveQuery;
import dev.lockstep.live.function.LiveTable;
import dev.lockstep.live.function.MutationContext;
import dev.lockstep.live.function.QueryContext;
import dev.lockstep.live.shape.Page;
import dev.lockstep.live.shape.PageOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What pages may ask and do: {@code useQuery(api.projects.list)} and {@code useMutation(api.projects.create)}. */
@Component
class ProjectFunctions {
    private static final LiveTable<Project> PROJECTS = LiveTable.of("app.projects", Project.class)
            .index("by_age", "organization_id", "created_at")
            .index("by_name", "organization_id", "name");

    private static final String CREATE = """
            INSERT INTO app.projects (organization_id, name, created_by) VALUES (:organization, :name, :user) RETURNING id
            """;
    private static final String RENAME = """
            UPDATE app.projects SET name = :name WHERE organization_id = :organization AND id = :id
            """;

    /** A row as pages see it. */
    record Project(UUID id, String name, String createdBy, Instant createdAt) {}

    record Paged(PageOptions paginationOpts) {}

    record NewProject(String name) {}

    record Rename(UUID id, String name) {}

    @LiveQuery("projects:list")
    List<Project> list(QueryContext context, OrganizationId organization) {
        return context.table(PROJECTS).index("by_age").eq(organization.value()).collect();
    }

    @LiveQuery("projects:byName")
    Page<Project> byName(QueryContext context, OrganizationId organization, Paged args) {
        return context.table(PROJECTS).index("by_name").eq(organization.value()).paginate(args.paginationOpts());
    }

    @LiveMutation("projects:create")
    UUID create(MutationContext context, OrganizationId organization, UserId user, NewProject args) {
        return context.tx()
                .sql(CREATE)
                .param("organization", organization.value())
                .param("name", free(context, organization, args.name()))
                .param("user", user.value())
                .query(UUID.class)
                .single();
    }

    @LiveMutation("projects:rename")
    void rename(MutationContext context, OrganizationId organization, Rename args) {
        int renamed = context.tx()
                .sql(RENAME)
                .param("organization", organization.value())
                .param("id", args.id())
                .param("name", free(context, organization, args.name()))
                .update();
        if (renamed == 0) {
            throw new LiveError("There is no such project any more.", Map.of("code", "PROJECT_MISSING"));
        }
    }

    /** Two people who take one name at the same moment cannot both get it: mutations run as if one after the other. */
    private static String free(MutationContext context, OrganizationId organization, String name) {
        if (name.isBlank()) {
            throw new LiveError("A project needs a name.", Map.of("code", "NAME_MISSING"));
        }
        if (context.table(PROJECTS)
                .index("by_name")
                .eq(organization.value())
                .eq(name)
                .first()
                .isPresent()) {
            throw new LiveError("There is a project of this name.", Map.of("code", "NAME_TAKEN"));
        }
        return name;
    }
}
