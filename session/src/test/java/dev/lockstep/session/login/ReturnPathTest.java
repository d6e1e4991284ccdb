package dev.lockstep.session.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.SessionId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReturnPathTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/|/",
                "/dashboard|/dashboard",
                "/a/b?c=d&e=%20#f|/a/b?c=d&e=%20#f",
                "dashboard|/dashboard",
                "?q=1|/?q=1",
                "#top|/#top",
                "/a/../b|/b",
                "/a/./b/|/a/b/",
                "/a/..|/",
                "/a/%2E%2e/b|/b",
                "/../../b|/b",
                "/a b|/a%20b",
                "/ä?ö#ü|/%C3%A4?%C3%B6#%C3%BC",
                "/a\\b|/a/b",
                "/a?b\\c|/a?b\\c",
                "/<x>\"|/%3Cx%3E%22",
                "/a//b|/a//b",
                "//evil.test|/",
                "//evil.test/path|/path",
                "///evil.test/path|/path",
                "/\\evil.test/x|/x",
                "\\\\evil.test/x|/x",
                "https://evil.test/x?y#z|/x?y#z",
                "HTTPS:\\\\evil.test\\x|/x",
                "https:evil.test|/evil.test",
                "https:/evil.test|/evil.test",
                "http:evil.test/x|/x",
                "https://app@evil.test/x|/x",
                "https://|/",
                "javascript:alert(1)|/",
                "x:\\\\evil.test|/",
                "x://evil.test//y|/",
                "file:///etc/passwd|/",
                "data:text/html,x|/",
                "/..//evil.test|/evil.test",
                "/.//evil.test|/evil.test",
                "/%2f%2fevil.test|/%2f%2fevil.test",
                "/a:b|/a:b",
                "/?https://evil.test|/?https://evil.test",
            })
    void anAddressBecomesThePathABrowserWouldSee(String untrusted, String path) {
        assertThat(ReturnPath.of(untrusted)).isEqualTo(path);
    }

    static Stream<String> hostile() {
        return Stream.concat(
                Stream.of((String) null),
                Stream.of(
                        "",
                        "//evil.test",
                        "/\\evil.test",
                        "\\\\evil.test",
                        "\\/evil.test",
                        "/%2f%2fevil.test",
                        "/%5cevil.test",
                        "%252f%252fevil.test",
                        "/\t/evil.test",
                        "/\r\nSet-Cookie: x=y",
                        "/\n/evil.test",
                        "\t//evil.test",
                        "https:evil.test",
                        "https:/evil.test",
                        "https:///evil.test",
                        "https://app@evil.test",
                        "https://app.example.test@evil.test/",
                        "https://app.example.test.evil.test/",
                        "http:\\\\evil.test",
                        "ht\ntps://evil.test",
                        "javascript:alert(1)",
                        "JaVaScRiPt:alert(1)",
                        "java\tscript:alert(1)",
                        "data:text/html,<script>",
                        "vbscript:x",
                        "x:\\\\evil.test",
                        "x:/\\evil.test",
                        "  //evil.test",
                        "\u0000//evil.test",
                        "\u0001/\u0002/evil.test",
                        "/..//evil.test",
                        "/./\\evil.test",
                        "/%2e%2e//evil.test",
                        "/a/..//evil.test",
                        "／／evil.test",
                        "/／evil.test",
                        "//evil%E3%80%82com",
                        "//evil。com",
                        "/evil\u0000.test",
                        "/\uD800",
                        "/" + "a".repeat(5000),
                        "/" + "ä".repeat(1000),
                        "//[::1]/x",
                        "//evil.test:99999",
                        "///////evil.test",
                        "?//evil.test",
                        "#//evil.test",
                        ";//evil.test",
                        "//;@evil.test"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void nothingLeadsAwayFromThisSite(String untrusted) {
        String path = ReturnPath.of(untrusted);
        assertThat(path).startsWith("/").doesNotStartWith("//").doesNotStartWith("/\\");
        assertThat(path.chars()).allMatch(c -> c > 0x20 && c < 0x7f);
        assertThat(path.length()).isLessThanOrEqualTo(1024);
        assertThat(ReturnPath.of(path)).as("a second reading changes nothing").isEqualTo(path);
    }

    @Test
    void signingOutComesBackToThisSiteOnly() {
        LoginKit kit = new LoginKit();
        var urls = new LogoutUrls(kit.settings, kit.session.cookieSettings);
        assertThat(urls.toEnd(new SessionId("session_1"), "/signed-out"))
                .isEqualTo("https://api.workos.com/user_management/sessions/logout?session_id=session_1"
                        + "&return_to=https%3A%2F%2Fapp.example.test%2Fsigned-out");
        for (String untrusted : hostile().toList()) {
            List<String> back = LoginKit.query(urls.toEnd(new SessionId("s&x=y"), untrusted))
                    .get("return_to");
            assertThat(back.getFirst()).startsWith("https://app.example.test/");
        }
    }
}
