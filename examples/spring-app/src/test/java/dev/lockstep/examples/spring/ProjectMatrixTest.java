package dev.lockstep.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.starter.functions.BuiltInFunctions;
import dev.lockstep.store.Database;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workosdouble.DoubleSettings;
import dev.lockstep.workosdouble.NewUser;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/**
 * Who may what in this application: each of its functions and routes, asked by everybody. A new one without a row here
 * fails; an application of your own can keep such a table in the same way.
 */
class ProjectMatrixTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.empty();

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String OURS = "01900000-0000-7000-8000-0000000000a1";

    private static final Map<Who, Person> people = new EnumMap<>(Who.class);
    private static final Map<Who, String> tokens = new EnumMap<>(Who.class);

    private static RunningExample example;
    private static OrganizationId ours;
    private static OrganizationId theirs;

    private enum Who {
        OWNER,
        ADMIN,
        MEMBER,
        /** Has a role of which the application has never heard. */
        ASTRONAUT,
        STRANGER,
        ALONE,
        NOBODY;

        boolean isColleague() {
            return switch (this) {
                case OWNER, ADMIN, MEMBER, ASTRONAUT -> true;
                case STRANGER, ALONE, NOBODY -> false;
            };
        }

        String email() {
            return name().toLowerCase(Locale.ROOT) + "@matrix.test";
        }
    }

    @BeforeAll
    static void everybodySignsIn() throws Exception {
        WorkOsDouble workOs = WorkOsDouble.start(DoubleSettings.defaults());
        ours = workOs.createOrganization("Ours");
        theirs = workOs.createOrganization("Theirs");
        for (Who who : Who.values()) {
            if (who != Who.NOBODY) {
                UserId user = workOs.createUser(NewUser.named(who.email(), "M.", who.name()));
                if (who.isColleague()) {
                    workOs.addMember(user, ours, new RoleSlug(who.name().toLowerCase(Locale.ROOT)));
                } else if (who == Who.STRANGER) {
                    workOs.addMember(user, theirs, new RoleSlug("owner"));
                }
            }
        }
        example = RunningExample.start(postgres, workOs);
        for (Who who : Who.values()) {
            Person person = new Person(HTTP, example.home());
            people.put(who, who == Who.NOBODY ? person : person.signIn(who.email()));
            tokens.put(who, who == Who.NOBODY ? "" : person.accessToken());
        }
    }

    @AfterAll
    static void stop() {
        example.close();
    }

    /** One project in each of two organizations, whatever was done to them before. */
    private static void fresh() {
        database().write(tx -> tx.sql("""
                        WITH gone AS (DELETE FROM app.projects)
                        INSERT INTO app.projects (organization_id, name, created_by)
                        VALUES (:theirs, 'Gemini', 'x')
                        """).param("theirs", theirs.value()).update());
        database()
                .write(tx -> tx.sql("""
                        INSERT INTO app.projects (id, organization_id, name, created_by)
                        VALUES (CAST(:id AS uuid), :ours, 'Apollo', 'x')
                        """)
                        .param("id", OURS)
                        .param("ours", ours.value())
                        .update());
    }

    private static Database database() {
        return example.application().getBean(Database.class);
    }

    /** What one function or route answers to one caller, and what is there afterwards where it may write. */
    private static String answer(String name, Who who) throws Exception {
        fresh();
        return switch (name) {
            case "projects:list" -> names(call("query", name, "{}", who), "");
            case "projects:byName" ->
                names(call("query", name, "{\"paginationOpts\":{\"numItems\":9,\"cursor\":null}}", who), "/page");
            case "projects:create" -> outcome(call("mutation", name, "{\"name\":\"Vostok\"}", who)) + ", " + projects();
            case "projects:rename" ->
                outcome(call("mutation", name, "{\"id\":\"" + OURS + "\",\"name\":\"Vostok\"}", who)) + ", "
                        + projects();
            case "GET /hello" -> Integer.toString(people.get(who).get("/hello").statusCode());
            case "DELETE /projects" -> deleted(who).statusCode() + ", " + projects();
            default -> throw new AssertionError("The matrix has no row for " + name + ": declare who may what");
        };
    }

    private static String expected(String name, Who who) {
        String untouched = "ours: Apollo, theirs: Gemini";
        return switch (name) {
            case "projects:list", "projects:byName" ->
                who.isColleague() ? "Apollo" : who == Who.STRANGER ? "Gemini" : refused(who);
            case "projects:create" ->
                who.isColleague()
                        ? "success, ours: Apollo Vostok, theirs: Gemini"
                        : who == Who.STRANGER
                                ? "success, ours: Apollo, theirs: Gemini Vostok"
                                : refused(who) + ", " + untouched;
            case "projects:rename" ->
                who.isColleague()
                        ? "success, ours: Vostok, theirs: Gemini"
                        : (who == Who.STRANGER ? "PROJECT_MISSING" : refused(who)) + ", " + untouched;
            case "GET /hello" -> who == Who.NOBODY ? "401" : "200";
            case "DELETE /projects" ->
                switch (who) {
                    case OWNER -> "200, ours: , theirs: Gemini";
                    case STRANGER -> "200, ours: Apollo, theirs: ";
                    case ADMIN, MEMBER, ASTRONAUT, ALONE -> "403, " + untouched;
                    case NOBODY -> "401, " + untouched;
                };
            default -> throw new AssertionError("The matrix has no row for " + name + ": declare who may what");
        };
    }

    private static String refused(Who who) {
        return who == Who.NOBODY ? "UNAUTHORIZED" : "NO_ORGANIZATION";
    }

    @Test
    void t09EveryFunctionAndRouteOfTheApplicationAnswersEverybodyAsTheMatrixSays() throws Exception {
        List<String> names = new ArrayList<>(functions());
        names.addAll(routes());
        Map<String, String> wrong = new HashMap<>();
        for (String name : names) {
            for (Who who : Who.values()) {
                String answer = answer(name, who);
                if (!answer.equals(expected(name, who))) {
                    wrong.put(name + " for " + who, answer);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(names).hasSizeGreaterThanOrEqualTo(6);
    }

    @Test
    void t13ARoleThatNobodyKnowsOpensNothingThatAsksForOne() throws Exception {
        fresh();
        assertThat(deleted(Who.ASTRONAUT).statusCode()).isEqualTo(403);
        assertThat(deleted(Who.ASTRONAUT).body()).contains("\"code\":\"FORBIDDEN\"");
        assertThat(projects()).isEqualTo("ours: Apollo, theirs: Gemini");
        String mirrored = database()
                .read(tx -> tx.sql("""
                        SELECT m.role_slugs[1] FROM workos.organization_memberships m JOIN workos.users u ON u.id = m.user_id
                        WHERE u.email = :email
                        """)
                        .param("email", Who.ASTRONAUT.email())
                        .query(String.class)
                        .single());
        assertThat(mirrored).isEqualTo("astronaut");
    }

    private static Set<String> functions() {
        LiveFunctions.Builder builtIn = LiveFunctions.builder();
        BuiltInFunctions.register(builtIn);
        Set<String> paths = open(example.application().getBean(LiveFunctions.class));
        paths.removeAll(open(builtIn.build()));
        return paths;
    }

    private static Set<String> open(LiveFunctions functions) {
        return functions.signatures().stream()
                .filter(LiveFunctions.Signature::open)
                .map(LiveFunctions.Signature::path)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        example.application()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((mapping, method) -> {
                    if (method.getBeanType().getPackage().equals(ProjectsApplication.class.getPackage())) {
                        mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(verb -> mapping.getPatternValues()
                                        .forEach(pattern -> routes.add(verb + " " + pattern)));
                    }
                });
        return routes;
    }

    private static JsonNode call(String kind, String path, String args, Who who) throws Exception {
        return Person.call(HTTP, example.home(), kind, path, args, tokens.get(who));
    }

    private static HttpResponse<String> deleted(Who who) throws Exception {
        return people.get(who).change("DELETE", "/projects");
    }

    private static String names(JsonNode answer, String where) {
        return answer.get("status").asString().equals("success")
                ? answer.at("/value" + where)
                        .valueStream()
                        .map(project -> project.get("name").asString())
                        .collect(Collectors.joining(" "))
                : outcome(answer);
    }

    private static String outcome(JsonNode answer) {
        String code = answer.at("/errorData/code").asString("");
        return code.isEmpty() ? answer.get("status").asString() : code;
    }

    private static String projects() {
        return "ours: " + projects(ours) + ", theirs: " + projects(theirs);
    }

    private static String projects(OrganizationId organization) {
        return database()
                .<List<String>>read(
                        tx -> tx.sql("SELECT name FROM app.projects WHERE organization_id = :id ORDER BY name")
                                .param("id", organization.value())
                                .query(String.class)
                                .list())
                .stream()
                .collect(Collectors.joining(" "));
    }
}
