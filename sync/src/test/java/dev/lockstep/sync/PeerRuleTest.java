package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sync.SimulatedWorkOs.Emitted;
import dev.lockstep.workos.object.ObjectKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of others are re-stated fairly: where order holds they are right, and where it does not they are not. */
class PeerRuleTest {
    private final SimulatedWorkOs workOs = new SimulatedWorkOs(20_261_121L);
    private final List<byte[]> inOrder = new ArrayList<>();

    PeerRuleTest() {
        workOs.live(5_000);
        workOs.journal().stream().map(Emitted::body).forEach(inOrder::add);
    }

    private int wrongUsers(PeerRule rule, List<byte[]> deliveries) {
        return PeerRule.divergent(workOs, ObjectKind.USER, rule.rows(deliveries).get(ObjectKind.USER), true);
    }

    @ParameterizedTest
    @EnumSource(
            value = PeerRule.class,
            names = {"LAST_ARRIVAL", "NOT_OLDER", "AS_TABLES_ALLOW"})
    void inOrderUsersComeOutRight(PeerRule rule) {
        assertThat(wrongUsers(rule, inOrder)).isZero();
    }

    @Test
    void theSecondChangeOfAMillisecondIsLostWhereEqualTimesAreSkipped() {
        List<byte[]> twoAtOnce = List.of(
                Wire.event("event_1", "user.created", Wire.user("user_1", "Ada", 1), 1),
                Wire.event("event_2", "user.updated", Wire.user("user_1", "Ada Osei", 1), 1));

        assertThat(PeerRule.STRICTLY_NEWER.rows(twoAtOnce).get(ObjectKind.USER).toString())
                .contains("\"Ada\"");
        assertThat(PeerRule.NOT_OLDER.rows(twoAtOnce).get(ObjectKind.USER).toString())
                .contains("\"Ada Osei\"");
    }

    @ParameterizedTest
    @EnumSource(PeerRule.class)
    void shuffledTheyComeOutWrong(PeerRule rule) {
        List<byte[]> shuffled = new ArrayList<>(inOrder);
        Collections.shuffle(shuffled, new Random(1));
        assertThat(wrongUsers(rule, shuffled)).isPositive();
    }

    @ParameterizedTest
    @EnumSource(PeerRule.class)
    void whatGoesWithADirectoryWithoutAWordStays(PeerRule rule) {
        assertThat(PeerRule.divergent(
                        workOs, ObjectKind.DIRECTORY_USER, rule.rows(inOrder).get(ObjectKind.DIRECTORY_USER), true))
                .isPositive();
    }
}
