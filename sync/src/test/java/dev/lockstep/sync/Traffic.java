package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.sync.SimulatedWorkOs.Emitted;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.inbox.Received;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.workos.event.EventDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events that go on happening while something else is tested: out of order, some much later than others. */
public final class Traffic {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** Of which only the key matters. */
    private static final Set<Mirrored> PAIRS = Set.of(Mirrored.DIRECTORY_GROUP_MEMBERS, Mirrored.GROUP_MEMBERS);

    private final Database database;
    private final SimulatedWorkOs workOs;
    private final Inbox inbox;
    private final InboxDrain drain;
    private final Random random;
    private final List<Emitted> late = new ArrayList<>();
    private int delivered;

    public Traffic(Database database, SimulatedWorkOs workOs, long seed) {
        this.database = database;
        this.workOs = workOs;
        this.random = new Random(seed);
        this.inbox = new Inbox(database, new EventDecoder(), () -> {});
        this.drain = new InboxDrain(database, new Projector(), DrainSettings.defaults(), new Random(seed), () -> {});
    }

    /** Everything that happened so far is never delivered. */
    public void beginHere() {
        delivered = workOs.journal().size();
    }

    /** A few more events happen, and most of what has happened arrives. */
    public void goOn(int events) {
        workOs.live(events);
        List<Emitted> journal = workOs.journal();
        late.addAll(journal.subList(delivered, journal.size()));
        delivered = journal.size();
        Collections.shuffle(late, random);
        int arriving = random.nextInt(late.size() + 1);
        deliver(late.subList(0, arriving));
        late.subList(0, arriving).clear();
    }

    /** Everything that has happened since the beginning arrives. */
    public void catchUp() {
        List<Emitted> journal = workOs.journal();
        late.addAll(journal.subList(delivered, journal.size()));
        delivered = journal.size();
        deliver(late);
        late.clear();
    }

    private void deliver(List<Emitted> events) {
        database.write(tx -> inbox.receiveAll(
                tx,
                events.stream()
                        .map(event -> new Received(event.body(), Source.TAIL))
                        .toList()));
        drain.drainOnce();
    }

    /** Compares everything that walks can list, field by field. */
    public void assertListedKindsAreSame(Mirror mirror) {
        for (Mirrored kind : Mirrored.values()) {
            Map<String, JsonNode> alive = new TreeMap<>();
            mirror.rows(Mirror.table(kind.object())).forEach((key, row) -> {
                if (!row.deleted()) {
                    alive.put(key, JSON.readTree(row.raw()));
                }
            });
            Map<String, JsonNode> truth = new TreeMap<>();
            workOs.alive(kind.object()).forEach((key, object) -> truth.put(key, JSON.readTree(object)));
            assertThat(alive.keySet()).as(kind.word()).isEqualTo(truth.keySet());
            truth.forEach((key, object) -> {
                if (!PAIRS.contains(kind)) {
                    assertThat(alive.get(key)).as(kind.word() + " " + key).isEqualTo(object);
                }
            });
        }
    }
}
