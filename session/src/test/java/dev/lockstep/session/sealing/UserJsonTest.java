package dev.lockstep.session.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserJsonTest {
    @Test
    void theApisUserBecomesTheCookiesUserWithItsTimestampsUntouched() {
        UserJson user = UserJson.fromApi("{\"object\":\"user\",\"id\":\"user_1\",\"email\":\"a@b.co\","
                        + "\"email_verified\":true,\"first_name\":\"Ada\",\"last_name\":null,"
                        + "\"created_at\":\"2026-01-02T03:04:05.670Z\",\"metadata\":null,\"something_new\":1}")
                .orElseThrow();
        assertThat(user.json())
                .isEqualTo("{\"object\":\"user\",\"id\":\"user_1\",\"email\":\"a@b.co\",\"emailVerified\":true,"
                        + "\"name\":null,\"firstName\":\"Ada\",\"lastName\":null,"
                        + "\"createdAt\":\"2026-01-02T03:04:05.670Z\",\"externalId\":null,\"metadata\":{}}");
        assertThat(user.text("firstName")).contains("Ada");
        assertThat(user.text("lastName")).isEmpty();
        assertThat(user.flag("emailVerified")).isTrue();
        assertThat(user).hasToString("UserJson[user_1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"id\":null}", "{\"id\":\"\"}", "not json"})
    void whatIsNoUserIsNothing(String json) {
        assertThat(UserJson.fromApi(json)).isEmpty();
        assertThat(UserJson.parse(json)).isEmpty();
    }
}
