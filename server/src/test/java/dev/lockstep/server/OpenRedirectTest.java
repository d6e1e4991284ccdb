package dev.lockstep.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Destinations that lead elsewhere: wherever they are put, the browser stays at home. */
class OpenRedirectTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    static Stream<String> destinationsElsewhere() {
        return Stream.of(
                "//evil.example",
                "//evil.example/dashboard",
                "///evil.example",
                "////evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "\\/evil.example",
                "/\\/evil.example",
                "/%2f%2fevil.example",
                "/%5cevil.example",
                "/%5c%5cevil.example",
                "%2f%2fevil.example",
                "%252f%252fevil.example",
                "/\t/evil.example",
                "/\n/evil.example",
                "\t//evil.example",
                "/\r\nSet-Cookie: x=y",
                "/%0d%0aSet-Cookie:%20x=y",
                "/dashboard\r\nLocation: https://evil.example",
                "https:evil.example",
                "https://evil.example",
                "HTTPS://EVIL.EXAMPLE",
                "http://localhost@evil.example",
                "https://app@evil.example",
                "//localhost:3000@evil.example/",
                "javascript:alert(1)",
                "JaVaScRiPt:alert(1)",
                "\u0001javascript:alert(1)",
                "data:text/html,<script>alert(1)</script>",
                "vbscript:x",
                "   //evil.example",
                "/..//evil.example",
                "/.//evil.example",
                "/dashboard/..//evil.example",
                "/%2e%2e//evil.example",
                "\uff0f\uff0fevil.example",
                "/\uff0fevil.example",
                "/evil\u3002com",
                "//evil%E3%80%82com",
                "\u0000//evil.example",
                "/\u0000/evil.example",
                "/dash\u202eboard",
                "?next=//evil.example",
                "#//evil.example",
                "evil.example",
                ".evil.example",
                "@evil.example",
                ":80@evil.example",
                "/" + "x".repeat(5_000));
    }

    @ParameterizedTest
    @MethodSource("destinationsElsewhere")
    void afterSigningInTheBrowserIsAtHome(String destination) {
        HttpResponse<String> arrived = demo.visitor().signIn("dev@globex.test", destination);
        assertThat(arrived.statusCode()).isEqualTo(302);
        isAtHome(Visitor.location(arrived));
        assertThat(arrived.headers().allValues("Set-Cookie")).noneMatch(cookie -> cookie.startsWith("x="));
    }

    @ParameterizedTest
    @MethodSource("destinationsElsewhere")
    void theCallbackItselfTakesNoDestination(String destination) {
        Visitor visitor = demo.visitor();
        String back = visitor.approvedAt(visitor.begin("/dashboard"), "dev@globex.test");
        HttpResponse<String> arrived = visitor.get(back + "&returnTo=" + URLEncoder.encode(destination, UTF_8));
        assertThat(Visitor.location(arrived)).isEqualTo(demo.address() + "/dashboard");
    }

    @ParameterizedTest
    @MethodSource("destinationsElsewhere")
    void signingOutTakesNoDestination(String destination) {
        Visitor visitor = demo.visitor().signIn("dev@globex.test");
        String form = "_csrf=" + visitor.csrfToken() + "&returnTo=" + URLEncoder.encode(destination, UTF_8);
        HttpResponse<String> left = visitor.send(
                "POST",
                "/api/auth/logout?returnTo=" + URLEncoder.encode(destination, UTF_8),
                BodyPublishers.ofString(form),
                "Content-Type",
                "application/x-www-form-urlencoded");
        assertThat(left.statusCode()).isEqualTo(303);
        assertThat(Visitor.location(left))
                .startsWith(demo.demo().workOs().baseUrl() + "/user_management/sessions/logout?")
                .contains("return_to=" + URLEncoder.encode(demo.address() + "/signed-out", UTF_8))
                .doesNotContain("evil");
    }

    @ParameterizedTest
    @CsvSource({
        "/dashboard, /dashboard",
        "/dashboard?tab=2&x=%2Fy, /dashboard?tab=2&x=%2Fy",
        "/dashboard#row, /dashboard#row",
        "/, /"
    })
    void aDestinationAtHomeIsKept(String destination, String path) {
        assertThat(Visitor.location(demo.visitor().signIn("dev@globex.test", destination)))
                .isEqualTo(demo.address() + path);
    }

    private static void isAtHome(String location) {
        assertThat(location).startsWith(demo.address() + "/").matches("[\\x21-\\x7e]+");
        URI uri = URI.create(location);
        assertThat(uri.getHost()).isEqualTo("localhost");
        assertThat(uri.getPort()).isEqualTo(demo.address().getPort());
        assertThat(uri.getRawUserInfo()).isNull();
    }
}
