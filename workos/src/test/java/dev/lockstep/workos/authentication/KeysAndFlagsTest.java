package dev.lockstep.workos.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.Clients;
import dev.lockstep.workos.FakeWorkOs;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsException;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeysAndFlagsTest {
    private FakeWorkOs workos;
    private WorkOsClient client;

    @BeforeEach
    void start() throws IOException {
        workos = FakeWorkOs.start();
        client = Clients.open(workos.url());
    }

    @AfterEach
    void stop() {
        client.close();
        workos.close();
    }

    @Test
    void aGoodKeySaysWhoseItIsAndWhatItMayDo() {
        workos.answers(200, """
                {"api_key":{"object":"api_key","id":"api_key_1","name":"CI","owner":{"type":"organization","id":"org_1"},
                 "permissions":["posts:read","posts:write"]}}""");

        var key = new ApiKeysApi(client).validate("sk_customer_secret").orElseThrow();

        assertThat(key.id()).isEqualTo("api_key_1");
        assertThat(key.organizationId()).isEqualTo(new OrganizationId("org_1"));
        assertThat(key.userId()).isNull();
        assertThat(key.permissions())
                .containsExactlyInAnyOrder(new Permission("posts:read"), new Permission("posts:write"));
        assertThat(key.toString()).doesNotContain("secret");
        assertThat(workos.asked().getFirst().path()).isEqualTo("/api_keys/validations");
        assertThat(workos.asked().getFirst().body()).isEqualTo("{\"value\":\"sk_customer_secret\"}");
    }

    @Test
    void aPersonsKeyNamesThePersonAndTheOrganization() {
        workos.answers(200, """
                {"api_key":{"id":"api_key_2","owner":{"type":"user","id":"user_1","organization_id":"org_1"}}}""");

        var key = new ApiKeysApi(client).validate("sk").orElseThrow();

        assertThat(key.userId()).isEqualTo(new UserId("user_1"));
        assertThat(key.organizationId()).isEqualTo(new OrganizationId("org_1"));
        assertThat(key.permissions()).isEmpty();
    }

    @Test
    void onlyWorkOsItselfSaysThatAKeyIsBad() {
        workos.answers(200, "{\"api_key\":null}").answers(200, "{}").answers(401, "{\"message\":\"Unauthorized\"}");
        var keys = new ApiKeysApi(client);

        assertThat(keys.validate("sk")).isEmpty();
        assertThatThrownBy(() -> keys.validate("sk")).isInstanceOf(WorkOsException.class);
        assertThatThrownBy(() -> keys.validate("sk")).isInstanceOf(WorkOsException.class);
    }

    @Test
    void aFlagIsOnForItsTargetsAndOtherwiseByDefaultAndNeverWhenItIsOff() {
        workos.answers(200, """
                {"beta":{"slug":"beta","enabled":true,"default_value":false,"targets":{
                   "users":[{"id":"user_1","enabled":true},{"id":"user_2","enabled":false}],
                   "organizations":[{"id":"org_1","enabled":true}]}},
                 "everybody":{"enabled":true,"default_value":true,"targets":{"users":[],"organizations":[]}},
                 "off":{"enabled":false,"default_value":true,"targets":{"users":[{"id":"user_1","enabled":true}]}}}""");

        Map<String, FeatureFlagsApi.Flag> flags = new FeatureFlagsApi(client).all();

        var beta = Objects.requireNonNull(flags.get("beta"));
        assertThat(beta.isOnFor(new UserId("user_1"), null)).isTrue();
        assertThat(beta.isOnFor(new UserId("user_2"), null)).isFalse();
        assertThat(beta.isOnFor(new UserId("user_2"), new OrganizationId("org_1")))
                .isTrue();
        assertThat(beta.isOnFor(null, null)).isFalse();
        assertThat(Objects.requireNonNull(flags.get("everybody")).isOnFor(null, null))
                .isTrue();
        assertThat(Objects.requireNonNull(flags.get("off")).isOnFor(new UserId("user_1"), null))
                .isFalse();
    }
}
