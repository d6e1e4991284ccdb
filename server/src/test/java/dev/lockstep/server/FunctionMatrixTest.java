package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.testing.TableHash;
import dev.lockstep.workosdouble.NewUser;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every built-in function, asked by everybody: four roles of one organization, another's owner, somebody of none, nobody. */
class FunctionMatrixTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final String UNKNOWN = "user_01UNKNOWN";
    private static final String NOTIFICATION = "01900000-0000-7000-8000-00000000a001";

    private static final Map<Who, Person> people = new EnumMap<>(Who.class);

    private enum Who {
        OWNER,
        ADMIN,
        MEMBER,
        BILLING,
        STRANGER,
        ALONE,
        NOBODY;

        boolean isColleague() {
            return switch (this) {
                case OWNER, ADMIN, MEMBER, BILLING -> true;
                case STRANGER, ALONE, NOBODY -> false;
            };
        }

        String email() {
            return name().toLowerCase(java.util.Locale.ROOT) + "@matrix.test";
        }
    }

    private record Person(Visitor visitor, UserId id, String session) {}

    @BeforeAll
    static void everybodySignsIn() {
        WorkOsDouble workOs = demo.demo().workOs();
        var ours = workOs.createOrganization("Matrix");
        var theirs = workOs.createOrganization("Other matrix");
        for (Who who : Who.values()) {
            if (who == Who.NOBODY) {
                continue;
            }
            UserId user = workOs.createUser(NewUser.named(who.email(), "M.", who.name()));
            if (who.isColleague()) {
                workOs.addMember(user, ours, new RoleSlug(who.name().toLowerCase(java.util.Locale.ROOT)));
            } else if (who == Who.STRANGER) {
                workOs.addMember(user, theirs, new RoleSlug("owner"));
            }
            Visitor visitor = demo.visitor().signIn(who.email());
            people.put(who, new Person(visitor, user, visitor.sessionId()));
        }
        demo.settled();
        demo.database()
                .write(tx -> tx.sql("""
                        INSERT INTO app.notifications (id, workos_user_id, status, subject, message, dedupe_key)
                        VALUES (CAST(:id AS uuid), :user, 'SENT', 'For the member only', 'x', 'matrix')
                        """)
                        .param("id", NOTIFICATION)
                        .param("user", people.get(Who.MEMBER).id().value())
                        .update());
    }

    /** What one function answers to one caller, in a word. */
    private static String answer(String function, Who who) {
        return switch (function) {
            case "users:me" -> {
                JsonNode me = call("query", function, "{}", who);
                yield me.at("/value/email").asString("null").equals(who.email())
                        ? "oneself"
                        : me.get("value").toString();
            }
            case "users:getByWorkOSId" ->
                found(function, who, byId(people.get(Who.MEMBER).id().value()), byId(UNKNOWN));
            case "users:getByAccountId" ->
                found(function, who, one("accountId", account()), one("accountId", NOTIFICATION));
            case "users:getByEmail" ->
                found(function, who, one("email", Who.MEMBER.email()), one("email", "nobody@matrix.test"));
            case "organizations:members" ->
                emails(call("query", function, "{}", who).get("value"));
            case "sessions:mine" -> {
                JsonNode sessions = call("query", function, "{}", who).get("value");
                Set<String> known = people.entrySet().stream()
                        .filter(entry ->
                                sessions.toString().contains(entry.getValue().session()))
                        .map(entry -> entry.getKey().name())
                        .collect(Collectors.toCollection(TreeSet::new));
                yield String.join(",", known);
            }
            case "notifications:mine" -> {
                String shown = call("query", function, "{}", who).get("value").toString();
                yield shown.contains("For the member only") ? "the member's" : "none of the member's";
            }
            case "notifications:markRead" -> {
                call("mutation", function, "{\"id\":\"" + NOTIFICATION + "\"}", who);
                yield demo.database()
                                .<Boolean>read(
                                        tx -> tx.sql("""
                                        SELECT read_at IS NOT NULL FROM app.notifications WHERE dedupe_key = 'matrix'
                                        """).query(Boolean.class).single())
                        ? "read"
                        : "still unread";
            }
            case "profiles:update" -> {
                JsonNode done = call("mutation", function, "{\"bio\":\"by " + who + "\"}", who);
                yield done.get("status").asString() + ", bios: "
                        + demo
                                .database()
                                .<List<String>>read(tx -> tx.sql("SELECT bio FROM app.profiles WHERE bio LIKE 'by %'")
                                        .query(String.class)
                                        .list())
                                .stream()
                                .filter(bio -> bio.equals("by " + who))
                                .count();
            }
            default -> throw new AssertionError("The matrix has no row for " + function + ": declare who may what");
        };
    }

    private static String expected(String function, Who who) {
        boolean signedIn = who != Who.NOBODY;
        return switch (function) {
            case "users:me" -> signedIn ? "oneself" : "null";
            case "users:getByWorkOSId", "users:getByAccountId", "users:getByEmail" ->
                who.isColleague() ? "the member" : "as unknown";
            case "organizations:members" ->
                who.isColleague()
                        ? "admin@matrix.test,billing@matrix.test,member@matrix.test,owner@matrix.test"
                        : who == Who.STRANGER ? "stranger@matrix.test" : "";
            case "sessions:mine" -> signedIn ? who.name() : "";
            case "notifications:mine" -> who == Who.MEMBER ? "the member's" : "none of the member's";
            // Asked of everybody else before it is asked of the member, whose it is.
            case "notifications:markRead" -> who == Who.MEMBER ? "read" : "still unread";
            case "profiles:update" -> signedIn ? "success, bios: 1" : "error, bios: 0";
            default -> throw new AssertionError("The matrix has no row for " + function + ": declare who may what");
        };
    }

    static List<String> functions() {
        return demo.demo().application().getBean(LiveFunctions.class).signatures().stream()
                .filter(LiveFunctions.Signature::open)
                .map(LiveFunctions.Signature::path)
                .sorted()
                .toList();
    }

    @Test
    void t09EveryFunctionAnswersEverybodyAsTheMatrixSays() {
        List<Who> memberLast = new ArrayList<>(List.of(Who.values()));
        memberLast.remove(Who.MEMBER);
        memberLast.add(Who.MEMBER);
        Map<String, String> wrong = new HashMap<>();
        int cells = 0;
        for (String function : functions()) {
            for (Who who : memberLast) {
                String answer = answer(function, who);
                cells++;
                if (!answer.equals(expected(function, who))) {
                    wrong.put(function + " for " + who, answer);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(cells).isEqualTo(functions().size() * Who.values().length).isGreaterThanOrEqualTo(49);
    }

    static List<String> nasty() {
        return List.of(
                "' OR 1=1 --",
                "'; DELETE FROM workos.users; --",
                "%",
                "_",
                "user\\_%",
                "a".repeat(10_000),
                "(a+)+$" + "a".repeat(5_000),
                "\u0000",
                "{\"$ne\":null}",
                "user_1' UNION SELECT id FROM workos.users --");
    }

    @ParameterizedTest
    @MethodSource("nasty")
    void t17WhatWouldBreakAStatementOrAPatternIsAnIdThatNobodyHas(String text) {
        TableHash before = demo.settled();
        JsonNode person = call("query", "users:getByWorkOSId", byId(text), Who.OWNER);
        assertThat(person.path("value").isNull()
                        || person.get("status").asString().equals("error"))
                .as(person.toString())
                .isTrue();
        JsonNode marked = call(
                "mutation",
                "notifications:markRead",
                JsonMapper.shared().createObjectNode().put("id", text).toString(),
                Who.OWNER);
        assertThat(marked.get("status").asString()).isEqualTo("error");
        assertThat(demo.digest()).isEqualTo(before);
    }

    /** Whether the caller is shown the member, or what somebody is shown of whom there is none. */
    private static String found(String function, Who who, String ofTheMember, String ofNobody) {
        JsonNode member = call("query", function, ofTheMember, who);
        boolean shown = member.at("/value/email").asString("").equals(Who.MEMBER.email());
        boolean asUnknown = member.equals(call("query", function, ofNobody, who));
        return shown ? "the member" : asUnknown ? "as unknown" : "something else: " + member;
    }

    private static String account() {
        return demo.database()
                .read(tx -> tx.sql("SELECT id::text FROM app.accounts WHERE workos_user_id = :user")
                        .param("user", people.get(Who.MEMBER).id().value())
                        .query(String.class)
                        .single());
    }

    private static String byId(String id) {
        return one("workosUserId", id);
    }

    private static String one(String name, String value) {
        return JsonMapper.shared().createObjectNode().put(name, value).toString();
    }

    private static String emails(JsonNode people) {
        return people.valueStream()
                .map(person -> person.get("email").asString())
                .sorted()
                .collect(Collectors.joining(","));
    }

    /** Over HTTP, with a bearer token. */
    private static JsonNode call(String kind, String function, String args, Who who) {
        String body = "{\"path\":\"%s\",\"format\":\"convex_encoded_json\",\"args\":[%s]}".formatted(function, args);
        Person person = people.get(who);
        Visitor visitor = person == null ? demo.visitor() : person.visitor();
        var response = person == null
                ? visitor.post("/api/" + kind, body)
                : visitor.post("/api/" + kind, body, "Authorization", "Bearer " + visitor.accessToken());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(response.body());
    }
}
