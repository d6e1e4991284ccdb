package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a refusal looks to a client. */
class ProblemTest {
    private static MockHttpServletResponse written(Problem problem) throws Exception {
        var response = new MockHttpServletResponse();
        problem.write(new MockHttpServletRequest("GET", "/api/x"), response, JsonMapper.shared());
        assertThat(response.getContentType()).isEqualTo("application/problem+json");
        assertThat(response.getHeader("Cache-Control")).contains("no-store");
        JsonNode body = JsonMapper.shared().readTree(response.getContentAsByteArray());
        assertThat(body.get("code").asString()).isEqualTo(problem.code());
        assertThat(body.get("detail").asString()).isEqualTo(problem.detail());
        assertThat(body.get("instance").asString()).isEqualTo("/api/x");
        assertThat(body.get("ref").asString()).isNotBlank();
        assertThat(body.at("/error/code").asString()).isEqualTo(problem.code());
        return response;
    }

    @Test
    void onlyARefusalForNowNamesATimeToComeBack() throws Exception {
        for (Problem later : new Problem[] {Problem.notKept(), Problem.noDatabase(), Problem.cannotVerify()}) {
            assertThat(written(later).getStatus()).isEqualTo(503);
            assertThat(written(later).getHeader("Retry-After")).isEqualTo("3");
        }
        for (Problem refused : new Problem[] {Problem.unauthorized(), Problem.csrf(), Problem.notFound()}) {
            assertThat(written(refused).getHeader("Retry-After")).isNull();
        }
    }

    @Test
    void onlyWhoMustSignInIsToldWhere() throws Exception {
        assertThat(written(Problem.unauthorized()).getContentAsString()).contains("\"signInUrl\":\"/api/auth/login\"");
        assertThat(written(Problem.csrf()).getContentAsString()).doesNotContain("signInUrl");
        assertThat(written(Problem.notFound()).getContentAsString()).doesNotContain("signInUrl");
    }
}
