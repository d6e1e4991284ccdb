package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginPatternsTest {
    private final OriginPatterns patterns =
            OriginPatterns.of(List.of("https://admin.example.com", "https://*.app.example.com:8443"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://admin.example.com",
                "https://acme.app.example.com:8443",
                "https://a-1.app.example.com:8443"
            })
    void whatWasNamedIsTrusted(String origin) {
        assertThat(patterns.matches(origin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "*",
                "http://admin.example.com",
                "https://admin.example.com.evil.test",
                "https://evil-admin.example.com",
                "https://adminxexample.com",
                "https://admin.example.com:444",
                "https://ADMIN.example.com",
                "https://admin.example.com/",
                "https://app.example.com:8443",
                "https://a.b.app.example.com:8443",
                "https://.app.example.com:8443",
                "https://-.app.example.com:8443",
                "https://acme.app.example.com",
                "https://evilapp.example.com:8443",
                "https://acme.app.example.com:8443\n",
                "https://evil.test#.app.example.com:8443",
                "https://evil.test\\E.app.example.com:8443"
            })
    void nothingElseIs(String origin) {
        assertThat(patterns.matches(origin)).isFalse();
    }

    @Test
    void anEndlessOriginIsNotLookedAt() {
        assertThat(patterns.matches("https://" + "a".repeat(1_000_000))).isFalse();
        assertThat(patterns.matches(null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "https://*",
                "https://*.com",
                "https://ex*mple.com",
                "https://*.*.example.com",
                "http://example.com",
                "http://*.example.com",
                "https://Example.com",
                "https://example.com/",
                "example.com",
                "null"
            })
    void aPatternThatTrustsTooMuchIsRefused(String pattern) {
        assertThat(OriginPatterns.problem(pattern)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://example.com", "https://*.example.com", "http://localhost:5173", "http://127.0.0.1:3000"
            })
    void aPatternThatNamesOriginsIsTaken(String pattern) {
        assertThat(OriginPatterns.problem(pattern)).isEmpty();
    }

    @Test
    void aHostIsWrittenWithoutSchemeAndPort() {
        assertThat(OriginPatterns.hostProblem("app.example.com")).isEmpty();
        assertThat(OriginPatterns.hostProblem("*.example.com")).isEmpty();
        assertThat(OriginPatterns.hostProblem("10.0.0.7")).isEmpty();
        for (String wrong : List.of("https://app.example.com", "app.example.com:3000", "*", "*.com", "")) {
            assertThat(OriginPatterns.hostProblem(wrong)).as(wrong).isPresent();
        }
    }
}
