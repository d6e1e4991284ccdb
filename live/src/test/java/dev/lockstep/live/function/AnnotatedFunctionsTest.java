package dev.lockstep.live.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.live.wire.ClientMessage.Call;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.testing.PostgresExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class AnnotatedFunctionsTest {
    private static final Caller ADA = ProjectHouse.member("org_a");

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("projects", ProjectHouse::prepare);

    /** An application's functions, without any framework. */
    static final class Tasks {
        final AtomicInteger calls = new AtomicInteger();

        record Rename(java.util.UUID id, String title) {}

        record Greeting(String text, int length) {}

        record Named(String name) {}

        @LiveQuery("tasks:whoami")
        Greeting whoami(UserId user, OrganizationId organization, Named named) {
            return new Greeting(
                    user.value() + "@" + organization.value() + " " + named.name(),
                    named.name().length());
        }

        @LiveQuery("tasks:open")
        String open() {
            return "open";
        }

        @LiveQuery(value = "tasks:secret", internal = true)
        String secret() {
            return "secret";
        }

        @LiveQuery("tasks:told")
        String told(QueryContext context) {
            return (String) context.query("tasks:secret", Map.of());
        }

        @LiveQuery("tasks:undeclared")
        int undeclared(QueryContext context) {
            return context.sql(
                            List.of(Dependency.table("app.labels")), "SELECT l.name FROM app.labels l, app.tallies t")
                    .rows()
                    .size();
        }

        @LiveMutation("tasks:rename")
        void rename(MutationContext context, OrganizationId organization, Rename rename) {
            int rows = context.tx()
                    .sql("UPDATE app.tasks SET title = :title WHERE id = :id AND organization_id = :organization")
                    .param("title", rename.title())
                    .param("id", rename.id())
                    .param("organization", organization.value())
                    .update();
            if (rows != 1) {
                throw new LiveError("There is no such task.", Map.of("code", "NOT_FOUND"));
            }
        }

        @LiveAction("tasks:ping")
        int ping(ActionContext context, Caller.SignedIn caller) {
            return calls.incrementAndGet();
        }
    }

    static final class Wrong {
        @LiveQuery("wrong:date")
        String wrong(java.util.Date date) {
            return "";
        }
    }

    private final Tasks tasks = new Tasks();

    private ProjectHouse house() {
        return new ProjectHouse(postgres.dataSource(), ProjectHouse.standard().add(tasks));
    }

    private static Call call(String path, String args) {
        return new Call(FunctionPath.of(path), JsonMapper.shared().readTree(args), null);
    }

    @Test
    void aMethodGetsItsRecordAndWhoAsks() {
        FunctionCalls.Reply reply = house().calls.query(ADA, call("tasks:whoami", "{\"name\":\"x\"}"));
        assertThat(reply).isEqualTo(new FunctionCalls.Reply.Done("{\"length\":1,\"text\":\"user_of_org_a@org_a x\"}"));
    }

    @Test
    void aMethodThatNeedsSomebodyIsNotRunForNobody() {
        FunctionCalls.Reply.Failed failed =
                (FunctionCalls.Reply.Failed) house().calls.action(new Caller.Anonymous(), call("tasks:ping", "{}"));
        assertThat(failed.failure().dataJson()).isEqualTo("{\"code\":\"UNAUTHORIZED\"}");
        assertThat(tasks.calls).hasValue(0);
    }

    @Test
    void aMethodThatAsksForNobodyIsAnsweredOnceForAll() {
        ProjectHouse house = house();
        assertThat(house.ask(new Question("tasks:open", "", "{}"), ADA).callerUsed())
                .isFalse();
        assertThat(house.ask(new Question("tasks:whoami", "", "{\"name\":\"x\"}"), ADA)
                        .callerUsed())
                .isTrue();
    }

    @Test
    void anInternalMethodIsReachedByOthersOnly() {
        ProjectHouse house = house();
        assertThat(house.calls.query(ADA, call("tasks:told", "{}")))
                .isEqualTo(new FunctionCalls.Reply.Done("\"secret\""));
        FunctionCalls.Reply.Failed failed =
                (FunctionCalls.Reply.Failed) house.calls.query(ADA, call("tasks:secret", "{}"));
        FunctionCalls.Reply.Failed unknown =
                (FunctionCalls.Reply.Failed) house.calls.query(ADA, call("tasks:nosuch", "{}"));
        assertThat(failed.failure().message().replace("secret", "nosuch"))
                .isEqualTo(unknown.failure().message());
    }

    @Test
    void anotherTenantsRowIsNotThereAndAnUnknownOneIsTheSame() {
        ProjectHouse house = house();
        house.sql("INSERT INTO app.tasks VALUES ('00000000-0000-0000-0000-000000000001', 'org_b', 't', 1, now())");
        String args = "{\"id\":\"00000000-0000-0000-0000-00000000000%d\",\"title\":\"mine\"}";
        FunctionCalls.Reply theirs = house.calls.mutation(ADA, call("tasks:rename", args.formatted(1)));
        assertThat(theirs).isEqualTo(house.calls.mutation(ADA, call("tasks:rename", args.formatted(2))));
        Answer.Outcome read = house.ask(
                        new Question("tasks:get", "", "{\"id\":\"00000000-0000-0000-0000-000000000001\"}"), ADA)
                .outcome();
        assertThat(read).isEqualTo(new Answer.Outcome.Value("null"));
        assertThat(house.database.<String>read(tx -> tx.sql("SELECT title FROM app.tasks")
                        .query(String.class)
                        .single()))
                .isEqualTo("t");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"x\",\"title\":\"t\"}|Field 'id' must be the text of a UUID",
                "{\"title\":\"t\"}|Missing field 'id'",
                "{\"id\":null,\"title\":\"t\"}|Field 'id' must be the text of a UUID",
                "{\"id\":\"00000000-0000-0000-0000-000000000001\",\"title\":\"t\",\"role\":\"owner\"}|Unknown field 'role'",
                "{\"id\":\"00000000-0000-0000-0000-000000000001\",\"title\":\"t\",\"organizationId\":\"org_b\"}|Unknown field 'organizationId'"
            })
    void argumentsThatDoNotFitNeverReachTheMethod(String args, String sentence) {
        FunctionCalls.Reply.Failed failed =
                (FunctionCalls.Reply.Failed) house().calls.mutation(ADA, call("tasks:rename", args));
        assertThat(failed.failure().message()).isEqualTo("ArgumentError: " + sentence);
    }

    @Test
    void aStatementThatDeclaresTooLittleFailsInTests() {
        assertThat(house().ask(new Question("tasks:undeclared", "", "{}"), ADA).outcome())
                .isInstanceOf(Answer.Outcome.Failed.class);
    }

    @Test
    void aMethodThatCannotBeGivenWhatItTakesIsRefusedAtTheStart() {
        LiveFunctions.Builder builder = LiveFunctions.builder();
        assertThatThrownBy(() -> builder.add(new Wrong()))
                .isInstanceOf(LiveProblem.class)
                .hasMessageContaining("LIVE_METHOD_UNUSABLE")
                .hasMessageContaining("Wrong.wrong takes a Date");
    }
}
