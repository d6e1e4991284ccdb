package dev.lockstep.live.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.live.connection.SyncState.Doubt;
import dev.lockstep.live.connection.SyncState.Turn;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.Answer.Outcome;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.live.wire.ClientMessage.Call;
import dev.lockstep.live.wire.ClientMessage.Connect;
import dev.lockstep.live.wire.ClientMessage.Modification;
import dev.lockstep.live.wire.ClientMessage.ModifyQuerySet;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.live.wire.ServerMessage.QueryChange;
import dev.lockstep.live.wire.ServerMessage.Transition;
import dev.lockstep.live.wire.StateVersion;
import dev.lockstep.live.wire.WireViolation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class SyncStateTest {
    private static final Caller ADA =
            new Caller.SignedIn(new UserId("user_ada"), new SessionId("session_ada"), null, Set.of(), Set.of(), null);
    private static final long EPOCH = 7L << 48;
    private static final long NOW = 1_000;

    private final SyncState state = new SyncState(3, 2);
    private final Map<String, String> values = new HashMap<>(Map.of("a:get", "1", "b:get", "2", "c:get", "3"));
    private final Set<Long> visible = new HashSet<>();
    /** Before anything of the test happened, so that only the numbers tell. */
    private long tickBegan = NOW - 100;

    @AfterEach
    void theStateHolds() {
        state.validate();
    }

    @Test
    void everyTransitionBeginsWhereTheLastOneEnded() {
        connect(0);
        state.modify(add(0, 1, 0, "a:get"));
        Transition first = advance(10).orElseThrow();
        values.put("a:get", "5");
        Transition second = advance(12).orElseThrow();

        assertThat(first.start()).isEqualTo(StateVersion.START);
        assertThat(first.end()).isEqualTo(new StateVersion(1, 0, 10));
        assertThat(second.start()).isEqualTo(first.end());
        assertThat(second.end()).isEqualTo(new StateVersion(1, 0, 12));
        assertThat(second.changes()).containsExactly(new QueryChange.Updated(0, "5"));
    }

    @Test
    void theEmptyQuerySetAfterConnectIsAnswered() {
        connect(0);
        state.modify(new ModifyQuerySet(0, 1, List.of()));

        assertThat(advance(10).orElseThrow().changes()).isEmpty();
        assertThat(advance(11)).isEmpty();
    }

    @Test
    void nothingIsSentBeforeTheQuerySetIsKnown() {
        assertThat(turn(10)).isEqualTo(Turn.TOO_EARLY);
        connect(0);
        assertThat(turn(10)).isEqualTo(Turn.TOO_EARLY);
        state.prove(0);
        state.accept(ADA);
        assertThat(turn(10)).isEqualTo(Turn.TOO_EARLY);
        state.modify(add(0, 1, 0, "a:get"));
        assertThat(turn(10)).isEqualTo(Turn.READY);
    }

    @Test
    void aNewIdentityAndAQuerySetGoOutTogetherInOneTransition() {
        connect(1);
        state.prove(0);
        state.accept(ADA);
        state.modify(add(0, 1, 0, "a:get"));

        Transition only = advance(10).orElseThrow();
        assertThat(only.end()).isEqualTo(new StateVersion(1, 1, 10));
        assertThat(only.changes()).containsExactly(new QueryChange.Updated(0, "1"));
    }

    @Test
    void nothingIsSentWhileATokenIsLookedAt() {
        connect(0);
        state.modify(add(0, 1, 0, "a:get"));
        state.prove(0);
        assertThat(turn(10)).isEqualTo(Turn.TOO_EARLY);
        state.accept(ADA);
        assertThat(turn(10)).isEqualTo(Turn.READY);
    }

    @Test
    void equalResultsAreSentOnce() {
        connect(0);
        state.modify(add(0, 1, 0, "a:get"));
        advance(10);
        assertThat(advance(11)).isEmpty();
        assertThat(advance(12)).isEmpty();
    }

    @Test
    void anIdentityChangeIsConfirmedEvenIfNoResultChanges() {
        connect(0);
        state.modify(add(0, 1, 0, "a:get"));
        advance(10);
        state.prove(0);
        state.accept(ADA);
        Transition confirmation = advance(10).orElseThrow();
        assertThat(confirmation.changes()).isEmpty();
        assertThat(confirmation.end()).isEqualTo(new StateVersion(1, 1, 10));
    }

    @Test
    void aRemovedQueryIsToldOnceAndOnlyIfTheClientHeldAResult() {
        connect(0);
        state.modify(add(0, 1, 0, "a:get"));
        advance(10);
        state.modify(new ModifyQuerySet(
                1, 2, List.of(new Modification.Remove(0), modification(1, "b:get"), new Modification.Remove(1))));

        assertThat(advance(11).orElseThrow().changes()).containsExactly(new QueryChange.Removed(0));
        assertThat(advance(12)).isEmpty();
    }

    @Test
    void aClockThatGoesBackIsNeverSent() {
        connect(0);
        state.modify(add(0, 1, 0, "a:get"));
        advance(10);
        assertThatThrownBy(() -> advance(9)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anAnswerThatCannotBeHadChangesNothing() {
        connect(0);
        state.modify(new ModifyQuerySet(0, 1, List.of(modification(0, "a:get"), modification(1, "b:get"))));
        assertThat(state.answered(question -> question.path().equals("b:get") ? null : answer(new Outcome.Value("1"))))
                .isNull();
        assertThatThrownBy(() -> state.advance(10, List.of(new Outcome.Value("1")), null))
                .isInstanceOf(IllegalStateException.class);

        assertThat(advance(11).orElseThrow().changes())
                .containsExactly(new QueryChange.Updated(0, "1"), new QueryChange.Updated(1, "2"));
    }

    @Test
    void aSuccessfulMutationIsFollowedByATransitionEvenIfNothingChanged() {
        subscribed();
        Doubt doubt = mutation();
        state.mutationBegan(doubt, 20);
        state.mutationSucceeded(doubt, 20, EPOCH + 21, NOW);
        visible.add(20L);

        Transition empty = advance(EPOCH + 25).orElseThrow();
        assertThat(empty.changes()).isEmpty();
        assertThat(empty.end().ts()).isGreaterThanOrEqualTo(EPOCH + 21);
        assertThat(advance(EPOCH + 26)).isEmpty();
    }

    @Test
    void aFailedMutationNeedsNoTransition() {
        subscribed();
        Doubt doubt = mutation();
        state.mutationBegan(doubt, 20);
        state.mutationRolledBack(20);
        state.mutationFailed(doubt);
        assertThat(advance(EPOCH + 25)).isEmpty();
    }

    @Test
    void aTickThatShowsAnOwnEffectWaitsForTheResponse() {
        subscribed();
        Doubt doubt = mutation();
        state.mutationBegan(doubt, 20);
        assertThat(turn(EPOCH + 20)).isEqualTo(Turn.READY);

        visible.add(20L);
        assertThat(turn(EPOCH + 25)).isEqualTo(Turn.OUT_OF_STEP);

        state.mutationSucceeded(doubt, 20, EPOCH + 21, NOW);
        assertThat(turn(EPOCH + 25)).isEqualTo(Turn.READY);
    }

    @Test
    void aTickThatIsLateEnoughByItsNumberButLacksTheEffectIsSkipped() {
        subscribed();
        Doubt doubt = mutation();
        state.mutationBegan(doubt, 20);
        state.mutationSucceeded(doubt, 20, EPOCH + 21, NOW);

        assertThat(turn(EPOCH + 30)).isEqualTo(Turn.OUT_OF_STEP);
        visible.add(20L);
        assertThat(turn(EPOCH + 30)).isEqualTo(Turn.READY);
    }

    @Test
    void anOlderTickStillFlowsAfterTheResponse() {
        subscribed();
        Doubt doubt = mutation();
        state.mutationBegan(doubt, 20);
        state.mutationSucceeded(doubt, 20, EPOCH + 21, NOW);
        values.put("a:get", "9");

        assertThat(turn(EPOCH + 15)).isEqualTo(Turn.READY);
        assertThat(advance(EPOCH + 15).orElseThrow().changes()).hasSize(1);
        assertThat(state.owesTransition()).isTrue();
    }

    @Test
    void otherPeoplesChangesFlowWhileAnOwnMutationRuns() {
        subscribed();
        state.mutationBegan(mutation(), 20);
        values.put("a:get", "9");
        assertThat(turn(EPOCH + 30)).isEqualTo(Turn.READY);
        assertThat(advance(EPOCH + 30)).isPresent();
    }

    @Test
    void afterARestartOfTheDatabaseOldTransactionNumbersHoldNothingBack() {
        subscribed();
        Doubt doubt = mutation();
        state.mutationSucceeded(doubt, 9_000_000, EPOCH + 9_000_001, NOW);
        tickBegan = NOW + 1;
        assertThat(turn((8L << 48) + 100)).isEqualTo(Turn.READY);
    }

    @Test
    void aTickOfANewEpochThatBeganBeforeTheCommitIsSkipped() {
        subscribed();
        Doubt doubt = mutation();
        state.mutationBegan(doubt, 20);
        state.mutationSucceeded(doubt, 20, EPOCH + 21, NOW);
        tickBegan = NOW - 1;
        assertThat(turn((8L << 48) + 100)).isEqualTo(Turn.OUT_OF_STEP);
        tickBegan = NOW;
        assertThat(turn((8L << 48) + 101)).isEqualTo(Turn.READY);
    }

    @Test
    void aReconnectingPageGetsNothingUntilItsRepeatedMutationsAreFound() {
        connect(1);
        state.modify(add(0, 1, 0, "a:get"));
        Doubt doubt = mutation();
        visible.add(20L);
        assertThat(turn(EPOCH + 30)).isEqualTo(Turn.TOO_EARLY);

        state.mutationSucceeded(doubt, 20, EPOCH + 21, NOW);
        assertThat(turn(EPOCH + 30)).isEqualTo(Turn.READY);
        assertThat(advance(EPOCH + 30).orElseThrow().end().ts()).isEqualTo(EPOCH + 30);
    }

    @Test
    void aRepeatedMutationThatWasNeverCommittedHoldsNothingBackOnceItRuns() {
        connect(1);
        state.modify(add(0, 1, 0, "a:get"));
        Doubt doubt = mutation();
        state.mutationBegan(doubt, 20);
        assertThat(turn(EPOCH + 20)).isEqualTo(Turn.READY);
    }

    @Test
    void tooManyWaitingMutationsAreRefused() {
        subscribed();
        mutation();
        mutation();
        assertThat(state.mutationArrived()).isEmpty();
    }

    @Test
    void brokenProtocolIsAViolation() {
        violates(() -> state.modify(add(0, 1, 0, "a:get")), "Connect");
        connect(0);
        violates(() -> connect(0), "second Connect");
        violates(() -> state.prove(1), "BaseVersionMismatch");
        violates(() -> state.modify(add(1, 2, 0, "a:get")), "BaseVersionMismatch");
        violates(() -> state.modify(new ModifyQuerySet(0, 0, List.of())), "raise");
        violates(() -> state.modify(new ModifyQuerySet(0, 1, List.of(new Modification.Remove(4)))), "not added");
        violates(
                () -> state.modify(
                        new ModifyQuerySet(0, 1, List.of(modification(1, "a:get"), modification(1, "a:get")))),
                "twice");
    }

    @Test
    void aPageMayNotFollowMoreQueriesThanAllowed() {
        connect(0);
        violates(
                () -> state.modify(new ModifyQuerySet(
                        0,
                        1,
                        List.of(
                                modification(0, "a:get"),
                                modification(1, "b:get"),
                                modification(2, "c:get"),
                                modification(3, "a:get")))),
                "3 queries");
    }

    private static void violates(Runnable step, String rule) {
        assertThatThrownBy(step::run).isInstanceOf(WireViolation.class).hasMessageContaining(rule);
    }

    private void subscribed() {
        connect(0);
        state.modify(add(0, 1, 0, "a:get"));
        advance(EPOCH + 10);
    }

    private void connect(long connectionCount) {
        state.connected(new Connect(new UUID(0, 1), connectionCount, null, 0, null));
    }

    private Doubt mutation() {
        return state.mutationArrived().orElseThrow();
    }

    private Turn turn(long ts) {
        return state.turn(ts, visible::contains, tickBegan);
    }

    private Optional<Transition> advance(long ts) {
        List<Outcome> outcomes = state.answered(question -> answer(outcome(question)));
        return state.advance(ts, Objects.requireNonNull(outcomes), null);
    }

    private static Answer answer(Outcome outcome) {
        return new Answer(outcome, Set.of(), false);
    }

    private Outcome outcome(Question question) {
        return new Outcome.Value(values.getOrDefault(question.path(), "null"));
    }

    private static ModifyQuerySet add(long base, long next, long queryId, String path) {
        return new ModifyQuerySet(base, next, List.of(modification(queryId, path)));
    }

    private static Modification.Add modification(long queryId, String path) {
        return new Modification.Add(
                queryId, new Call(new FunctionPath(path), JsonNodeFactory.instance.objectNode(), null), null);
    }
}
