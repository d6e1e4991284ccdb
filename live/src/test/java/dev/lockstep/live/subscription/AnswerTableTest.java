package dev.lockstep.live.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.feed.Change;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class AnswerTableTest {
    private static final Question QUESTION = new Question("users:me", "", "{}");
    private static final Caller ADA = caller("ada");
    private static final Caller BEN = caller("ben");
    private final AnswerTable table = new AnswerTable();

    @Test
    void anAnswerThatLookedAtNobodyIsSharedByAll() {
        table.put(QUESTION, ADA, answer("1", false));
        assertThat(table.find(QUESTION, BEN)).contains(answer("1", false));
    }

    @Test
    void anAnswerForOneCallerIsNeverGivenToAnother() {
        table.put(QUESTION, ADA, answer("1", true));
        assertThat(table.find(QUESTION, BEN)).isEmpty();
        assertThat(table.find(QUESTION, ADA)).isPresent();
    }

    @Test
    void aChangeDropsTheAnswersThatItTouchesAndNamesTheirQuestions() {
        table.put(QUESTION, ADA, answer("1", true));
        assertThat(table.drop(List.of(change("b")))).isEmpty();
        assertThat(table.find(QUESTION, ADA)).isPresent();
        assertThat(table.drop(List.of(change("a")))).containsExactly(QUESTION);
        assertThat(table.find(QUESTION, ADA)).isEmpty();
    }

    @Test
    void answersLastAsLongAsSomebodyMayAskForThem() {
        table.follow(QUESTION, ADA);
        table.follow(QUESTION, ADA);
        table.follow(QUESTION, BEN);
        table.put(QUESTION, ADA, answer("1", true));
        table.put(QUESTION, BEN, answer("2", true));

        table.unfollow(QUESTION, ADA);
        assertThat(table.size()).isEqualTo(2);
        table.unfollow(QUESTION, ADA);
        assertThat(table.find(QUESTION, ADA)).isEmpty();
        assertThat(table.find(QUESTION, BEN)).isPresent();
        table.unfollow(QUESTION, BEN);
        assertThat(table.size()).isZero();
    }

    private static Answer answer(String json, boolean callerUsed) {
        return new Answer(new Answer.Outcome.Value(json), Set.of(Dependency.key("app.t", "k", "a")), callerUsed);
    }

    private static Change change(String key) {
        return new Change(
                1,
                1,
                Instant.EPOCH,
                "app.t",
                Change.Op.INSERT,
                Map.of(),
                Map.of("k", JsonNodeFactory.instance.stringNode(key)));
    }

    private static Caller caller(String name) {
        return new Caller.SignedIn(
                new UserId("user_" + name), new SessionId("session_" + name), null, Set.of(), Set.of(), null);
    }
}
