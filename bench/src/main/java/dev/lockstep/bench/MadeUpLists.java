package dev.lockstep.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lockstep.sync.backfill.ObjectSource;
import dev.lockstep.sync.backfill.Shard;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.workos.json.JsonReading;
import dev.lockstep.workos.json.RawList;
import dev.lockstep.workos.json.StrictJson;
import dev.lockstep.workos.object.WorkOsObject;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Answers of WorkOS made up on the spot, as bytes, and read like those of the network: organizations with as many
 * members each, and users. Only the network itself is left out.
 */
final class MadeUpLists implements ObjectSource {
    private static final int PAGE = 100;

    private final int users;
    private final int organizations;
    private final int members;
    private final Instant base =
            InstantSource.system().instant().minusSeconds(86_400).truncatedTo(ChronoUnit.MILLIS);
    private final AtomicLong bytes = new AtomicLong();

    MadeUpLists(int users, int organizations, int members) {
        this.users = users;
        this.organizations = organizations;
        this.members = members;
    }

    /** How many bytes of answers were read. */
    long bytes() {
        return bytes.get();
    }

    @Override
    public Set<Mirrored> kinds() {
        return Set.of(Mirrored.USERS, Mirrored.ORGANIZATIONS, Mirrored.MEMBERSHIPS);
    }

    @Override
    public Listed page(Shard shard, @Nullable String after) {
        int from = after == null ? 0 : Integer.parseInt(after);
        int all = size(shard.kind());
        int to = Math.min(all, from + PAGE);
        Instant startedAt = now();
        byte[] answer = answer(shard, from, to);
        bytes.addAndGet(answer.length);
        List<WorkOsObject> objects = new ArrayList<>(to - from);
        for (byte[] item : RawList.cut(answer).orElseThrow().items()) {
            if (StrictJson.read(item) instanceof JsonReading.Sound(JsonNode json)) {
                objects.add(WorkOsObject.from(shard.kind().object(), json));
            }
        }
        List<String> lists =
                objects.stream().map(object -> object.key().getFirst()).toList();
        return new Listed(Fetched.objects(objects), lists, 0, to < all ? String.valueOf(to) : null, startedAt);
    }

    private int size(Mirrored kind) {
        return kind == Mirrored.USERS ? users : kind == Mirrored.ORGANIZATIONS ? organizations : members;
    }

    private byte[] answer(Shard shard, int from, int to) {
        StringBuilder text = new StringBuilder(60_000).append("{\"object\":\"list\",\"data\":[");
        for (int i = from; i < to; i++) {
            text.append(i > from ? "," : "");
            switch (shard.kind()) {
                case USERS -> user(text, i);
                case ORGANIZATIONS -> organization(text, i);
                default -> membership(text, shard.scope(), i);
            }
        }
        return text.append("],\"list_metadata\":{\"before\":null,\"after\":null}}")
                .toString()
                .getBytes(UTF_8);
    }

    private void user(StringBuilder text, int i) {
        text.append("{\"object\":\"user\",\"id\":\"").append(id("user_01BENCH", i));
        text.append("\",\"email\":\"person").append(i).append("@bench.test\",\"email_verified\":true,");
        text.append("\"first_name\":\"Bench\",\"last_name\":\"Number ").append(i);
        text.append("\",\"profile_picture_url\":\"https://images.bench.test/").append(i);
        text.append(".png\",\"external_id\":null,\"locale\":\"en\",\"metadata\":{\"plan\":\"pro\"},");
        text.append("\"last_sign_in_at\":\"").append(base).append("\",");
        times(text, i);
    }

    private void organization(StringBuilder text, int i) {
        text.append("{\"object\":\"organization\",\"id\":\"").append(id("org_01BENCH", i));
        text.append("\",\"name\":\"Organization ").append(i).append("\",\"domains\":[],\"metadata\":{},");
        times(text, i);
    }

    private void membership(StringBuilder text, String organization, int i) {
        int number = Integer.parseInt(organization.substring("org_01BENCH".length()));
        text.append("{\"object\":\"organization_membership\",\"id\":\"");
        text.append(id("om_01BENCH", number * members + i));
        text.append("\",\"user_id\":\"").append(id("user_01BENCH", (number * members + i) % Math.max(1, users)));
        text.append("\",\"organization_id\":\"").append(organization);
        text.append("\",\"organization_name\":\"Organization ").append(number);
        text.append("\",\"status\":\"active\",\"role\":{\"slug\":\"member\"},\"roles\":[{\"slug\":\"member\"}],");
        text.append("\"directory_managed\":false,\"custom_attributes\":{},");
        times(text, i);
    }

    private void times(StringBuilder text, int i) {
        Instant at = base.plusMillis(i);
        text.append("\"created_at\":\"")
                .append(at)
                .append("\",\"updated_at\":\"")
                .append(at)
                .append("\"}");
    }

    private static String id(String prefix, int i) {
        String digits = String.valueOf(i);
        return prefix + "000000000".substring(digits.length()) + digits;
    }

    @Override
    public Optional<Fetched> find(Mirrored kind, String scope, String key) {
        return Optional.empty();
    }

    @Override
    public Instant serverTime() {
        return now();
    }

    @Override
    public Instant now() {
        return InstantSource.system().instant();
    }
}
