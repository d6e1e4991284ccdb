package dev.lockstep.sync.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.projection.Projector.Incoming;
import dev.lockstep.testing.PostgresExtension;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantSlugTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);

    @BeforeEach
    void emptyTables() {
        mirror.clear();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Acme",
                "acme!",
                "日本",
                "🚀",
                "",
                "-",
                "www",
                "api",
                "xn--fiq228c",
                "Zoë & Søn GmbH",
                "a-very-long-name-that-goes-on-and-on-until-it-does-not-fit-into-a-label-any-more",
                "\u202Eevil"
            })
    void everyNameGivesALegalLabel(String name) {
        for (int suffix : TenantSlug.SUFFIXES) {
            assertThat(TenantSlug.of(name, "org_1", suffix))
                    .matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
                    .doesNotContain("--")
                    .isNotIn("www", "api")
                    .endsWith(TenantSlug.of("", "org_1", suffix).substring("org".length()));
        }
    }

    @ParameterizedTest
    @CsvSource({"Acme,acme!", "Zoë,zoe", "日本,🚀"})
    void namesThatLookTheSameGiveDifferentSlugs(String one, String other) {
        assertThat(TenantSlug.of(one, "org_1", 6)).isNotEqualTo(TenantSlug.of(other, "org_2", 6));
    }

    @Test
    void aSlugSurvivesTheNewNameAndTheEndOfItsOrganization() {
        apply("e1", "organization.created", "Acme", 1);
        String slug = slug();
        apply("e2", "organization.updated", "Apex", 2);
        apply("e3", "organization.deleted", "Apex", 2);

        assertThat(slug).startsWith("acme-");
        assertThat(slug()).isEqualTo(slug);
    }

    @Test
    void aSlugThatIsTakenGetsALongerSuffix() {
        String taken = TenantSlug.of("Acme", "org_1", 6);
        mirror.run("INSERT INTO app.tenants (organization_id, slug) VALUES ('org_0', '" + taken + "')");

        apply("e1", "organization.created", "Acme", 1);

        assertThat(slug()).isEqualTo(TenantSlug.of("Acme", "org_1", 12));
    }

    private void apply(String id, String type, String name, long time) {
        byte[] event = Wire.event(id, type, Wire.organization("org_1", name, time), time);
        database.write(tx -> new Projector().apply(tx, List.of(new Incoming(Wire.decoded(event), Writer.WEBHOOK))));
    }

    private String slug() {
        return mirror.value("SELECT slug FROM app.tenants WHERE organization_id = 'org_1'", String.class);
    }
}
