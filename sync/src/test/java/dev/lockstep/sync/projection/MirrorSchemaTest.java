package dev.lockstep.sync.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.object.ObjectKind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The schema says of itself what it holds, and the descriptions of the tables fit it. */
class MirrorSchemaTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final List<String> LOGS = List.of("authentication_events", "event_log");

    private final Mirror mirror = new Mirror(new Database(postgres.dataSource()));

    @Test
    void everyColumnOfEveryTableAndViewSaysWhatItIs() {
        assertThat(mirror.list("""
                SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                WHERE c.relnamespace = 'workos'::regnamespace AND c.relkind IN ('r', 'v') AND a.attnum > 0
                  AND NOT a.attisdropped AND coalesce(col_description(c.oid, a.attnum), '') = ''
                """)).isEmpty();
        assertThat(mirror.list("""
                SELECT relname FROM pg_class WHERE relnamespace = 'workos'::regnamespace AND relkind = 'r'
                  AND obj_description(oid) IS NULL
                """)).isEmpty();
    }

    @Test
    void everyViewReadsWithTheRightsOfWhoeverAsks() {
        assertThat(mirror.list("""
                SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'v'
                  AND c.relnamespace IN ('workos'::regnamespace, 'app'::regnamespace)
                  AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)
                """)).isEmpty();
    }

    @Test
    void everyMirroredTableHasAViewOfWhatIsThereAndIsUnderTheChangeFeed() {
        List<String> tables = mirror.list(
                "SELECT relname FROM pg_class WHERE relnamespace = 'workos'::regnamespace AND relkind = 'r'");
        assertThat(tables)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(LOGS.stream(), MirrorTables.ALL.stream().map(MirrorTable::name))
                                .toList());
        assertThat(mirror.list(
                        "SELECT replace(relname, '_live', '') FROM pg_class WHERE relnamespace = 'workos'::regnamespace"
                                + " AND relkind = 'v'"))
                .containsExactlyInAnyOrderElementsOf(
                        MirrorTables.ALL.stream().map(MirrorTable::name).toList());
        assertThat(mirror.list(
                        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'lockstep_change'"))
                .containsAll(tables.stream().map(name -> "workos." + name).toList());
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void theDescriptionOfAKindNamesTheColumnsOfItsTable(ObjectKind kind) {
        MirrorTable table = MirrorTables.of(kind);
        assertThat(table.kind()).isEqualTo(kind);
        assertThat(kind.key()).hasSameSizeAs(table.key());
        List<String> described = Stream.of(
                        table.key().stream(),
                        table.columns().stream().map(Column::name),
                        MirrorTable.registers().stream(),
                        Stream.of("applied_at"))
                .flatMap(names -> names)
                .toList();
        assertThat(mirror.list("SELECT attname FROM pg_attribute WHERE attrelid = 'workos." + table.name()
                        + "'::regclass AND attnum > 0 AND NOT attisdropped"))
                .containsExactlyInAnyOrderElementsOf(described);
    }
}
