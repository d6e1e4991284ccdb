package dev.lockstep.live.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.feed.Change;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class ReadSetIndexTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private final ReadSetIndex<String> index = new ReadSetIndex<>();

    @BeforeEach
    void fourReaders() {
        index.put("ada", Set.of(Dependency.key("app.profiles", "user", "ada")));
        index.put("ben", Set.of(Dependency.key("app.profiles", "user", "ben")));
        index.put("seven", Set.of(Dependency.key("app.profiles", "number", "7")));
        index.put("all", Set.of(Dependency.table("app.profiles"), Dependency.table("app.tenants")));
    }

    @Test
    void aChangeTouchesReadersOfItsOldAndOfItsNewKey() {
        assertThat(stale(change(Change.Op.UPDATE, user("ada"), user("ben"))))
                .containsExactlyInAnyOrder("ada", "ben", "all");
    }

    @Test
    void aReadThatFoundNothingIsTouchedByTheRowThatAppears() {
        index.put("gap", Set.of(Dependency.key("app.profiles", "user", "cleo")));
        assertThat(stale(change(Change.Op.INSERT, Map.of(), user("cleo")))).containsExactlyInAnyOrder("gap", "all");
    }

    @Test
    void numbersMatchTheirText() {
        Map<String, JsonNode> key = Map.of("number", NODES.numberNode(7), "user", NODES.stringNode("x"));
        assertThat(stale(change(Change.Op.DELETE, key, Map.of()))).containsExactlyInAnyOrder("seven", "all");
    }

    @Test
    void aChangeThatDoesNotCarryTheColumnTouchesEveryReaderOfIt() {
        assertThat(stale(change(Change.Op.INSERT, Map.of(), user("zoe")))).containsExactlyInAnyOrder("seven", "all");
    }

    @Test
    void aTruncateTouchesEveryReaderOfTheTable() {
        assertThat(stale(change(Change.Op.TRUNCATE, Map.of(), Map.of())))
                .containsExactlyInAnyOrder("ada", "ben", "seven", "all");
    }

    @Test
    void otherTablesTouchNobody() {
        assertThat(index.invalidated(List.of(
                        new Change(1, 1, Instant.EPOCH, "app.accounts", Change.Op.UPDATE, user("ada"), user("ada")))))
                .isEmpty();
    }

    @Test
    void whoIsRemovedIsTouchedByNothing() {
        index.remove("ada");
        index.remove("all");
        index.remove("seven");
        assertThat(stale(change(Change.Op.UPDATE, user("ada"), user("ada")))).isEmpty();
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void aNewReadSetReplacesTheOldOne() {
        index.put("ada", Set.of(Dependency.key("app.profiles", "user", "adele")));
        index.remove("seven");
        assertThat(stale(change(Change.Op.UPDATE, user("ada"), user("ada")))).containsExactly("all");
    }

    private Set<String> stale(Change change) {
        return index.invalidated(List.of(change));
    }

    private static Map<String, JsonNode> user(String id) {
        return Map.of("user", NODES.stringNode(id), "number", NODES.nullNode()).entrySet().stream()
                .filter(e -> !id.equals("zoe") || !e.getKey().equals("number"))
                .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Change change(Change.Op op, Map<String, JsonNode> before, Map<String, JsonNode> after) {
        return new Change(1, 1, Instant.EPOCH, "app.profiles", op, before, after);
    }
}
