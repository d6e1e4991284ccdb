package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** What is wrong with a configuration is said at once, with the next step, and without any secret. */
class ConfigurationCheckTest {
    private static final String PASSWORD = "a-cookie-password-nobody-will-guess";
    private static final Map<String, Object> COMPLETE = Map.of(
            "WORKOS_API_KEY", "sk_test_secret",
            "WORKOS_CLIENT_ID", "client_123",
            "WORKOS_WEBHOOK_SECRET", "whsec_secret",
            "WORKOS_REDIRECT_URI", "https://app.example.com/api/auth/callback",
            "WORKOS_COOKIE_PASSWORD", PASSWORD,
            "DATABASE_URL", "postgres://app:secret@db.example.com:5432/app");

    private static StandardEnvironment environment(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        new KnownEnvironment().postProcessEnvironment(environment, new SpringApplication());
        return environment;
    }

    /** The complete configuration with some variables set otherwise; an empty value takes one away. */
    static StandardEnvironment completeBut(String... pairs) {
        Map<String, Object> variables = new HashMap<>(COMPLETE);
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1].isEmpty()) {
                variables.remove(pairs[i]);
            } else {
                variables.put(pairs[i], pairs[i + 1]);
            }
        }
        return environment(variables);
    }

    static List<String> problems(StandardEnvironment environment) {
        return new ConfigurationCheck(environment, false).problems();
    }

    private static LockstepProperties properties(StandardEnvironment environment) {
        return Binder.get(environment).bindOrCreate("lockstep", LockstepProperties.class);
    }

    @Test
    void aCompleteConfigurationHasNoProblem() {
        assertThat(problems(completeBut())).isEmpty();
    }

    @Test
    void everythingThatIsMissingIsNamedAtOnce() {
        assertThat(problems(environment(Map.of()))).hasSize(6);
        for (String name : COMPLETE.keySet()) {
            assertThat(problems(environment(Map.of())))
                    .as(name)
                    .anyMatch(problem -> problem.startsWith(name + " is missing; "));
        }
    }

    @Test
    void aDatabaseOfTheApplicationsOwnNeedsNoAddress() {
        assertThat(new ConfigurationCheck(completeBut("DATABASE_URL", ""), true).problems())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "lockstep.sesion.cookie-name, lockstep.session.cookie-name",
        "lockstep.session.cookie-nam, lockstep.session.cookie-name",
        "lockstep.workos.apikey, lockstep.workos.api-key",
        "lockstep.live.pollinterval, lockstep.live.poll-interval"
    })
    void anUnknownKeyGetsTheNearestOne(String typed, String meant) {
        assertThat(problems(completeBut(typed, "x")))
                .anyMatch(problem -> problem.startsWith(typed) && problem.endsWith("did you mean " + meant + "?"));
    }

    @Test
    void aKeyThatResemblesNothingIsUnknownToo() {
        assertThat(problems(completeBut("lockstep.zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "x")))
                .anyMatch(problem -> problem.endsWith("is not a setting of Lockstep; remove it"));
    }

    @ParameterizedTest
    @CsvSource({
        "WORKOS_COOKIE_PASSWORD, SESSION_SECRET, another-cookie-password-nobody-guesses",
        "WORKOS_REDIRECT_URI, NEXT_PUBLIC_WORKOS_REDIRECT_URI, https://other.example.com/callback"
    })
    void twoNamesOfOneSettingMustAgree(String name, String alias, String value) {
        assertThat(problems(completeBut(alias, value)))
                .containsExactly(name + " and " + alias + " mean the same setting and differ; keep one of them");
        assertThat(problems(completeBut(alias, COMPLETE.get(name).toString()))).isEmpty();
    }

    @Test
    void theOlderNamesAreUnderstoodAlone() {
        StandardEnvironment older = completeBut(
                "WORKOS_COOKIE_PASSWORD", "",
                "SESSION_SECRET", PASSWORD,
                "WORKOS_REDIRECT_URI", "",
                "NEXT_PUBLIC_WORKOS_REDIRECT_URI", "https://app.example.com/callback",
                "NEXT_PUBLIC_APP_URL", "https://www.example.com",
                "DATABASE_URL", "",
                "DATABASE_URI", "postgresql://db/app",
                "WORKOS_COOKIE_NAME", "my-session",
                "WORKOS_COOKIE_MAX_AGE", "3600",
                "COOKIE_DOMAIN", "example.com",
                "PORT", "8081");
        assertThat(problems(older)).isEmpty();
        LockstepProperties properties = properties(older);
        assertThat(properties.session().passwords()).containsExactly(PASSWORD);
        assertThat(properties.workos().redirectUri()).hasToString("https://app.example.com/callback");
        assertThat(properties.origin()).hasToString("https://www.example.com");
        assertThat(properties.session().cookieName()).isEqualTo("my-session");
        assertThat(properties.session().maxAge()).hasHours(1);
        assertThat(properties.session().domain()).isEqualTo("example.com");
        assertThat(older.getProperty("spring.datasource.url")).isEqualTo("jdbc:postgresql://db/app");
        assertThat(older.getProperty("server.port")).isEqualTo("8081");
    }

    @Test
    void theRateLimitHasANumberAndAWindowUnderTheirUsualNames() {
        StandardEnvironment usual = completeBut("RATE_LIMIT_MAX_REQUESTS", "100", "RATE_LIMIT_WINDOW_MS", "900000");
        assertThat(problems(usual)).isEmpty();
        assertThat(properties(usual).limits().signIns()).isEqualTo(100);
        assertThat(properties(usual).limits().window()).hasMinutes(15);
        assertThat(problems(completeBut("RATE_LIMIT_WINDOW_MS", "10")))
                .containsExactly("lockstep.limits.window is 10 ms; choose 1s to 1d");
    }

    @Test
    void theExampleFileHoldsEveryNameThatIsUnderstoodAndNoOther() throws IOException {
        Matcher line = Pattern.compile("^#?([A-Z][A-Z0-9_]+)=", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("..", ".env.example")));
        List<String> listed = line.results().map(found -> found.group(1)).toList();
        assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(KnownEnvironment.names());
    }

    @Test
    void theAddressOfWorkOsMayComeInParts() {
        assertThat(properties(completeBut(
                                "WORKOS_API_HOSTNAME", "127.0.0.1",
                                "WORKOS_API_PORT", "4100",
                                "WORKOS_API_HTTPS", "false"))
                        .apiBase())
                .hasToString("http://127.0.0.1:4100");
    }

    @Test
    void aPropertySetOutrightWins() {
        assertThat(properties(completeBut("lockstep.session.cookie-name", "outright", "WORKOS_COOKIE_NAME", "variable"))
                        .session()
                        .cookieName())
                .isEqualTo("outright");
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://app:secret@db:5433/name, jdbc:postgresql://db:5433/name, app, secret",
        "postgresql://app:secret@db/name, jdbc:postgresql://db/name, app, secret",
        "postgres://app:p%40ss%3Aw%2Fd@db/name, jdbc:postgresql://db/name, app, p@ss:w/d",
        "postgres://app:p@ss/w:d@db/name, jdbc:postgresql://db/name, app, p@ss/w:d",
        "postgres://app:100%+1@db/name, jdbc:postgresql://db/name, app, 100%+1",
        "postgres://app:a^b|c d@db/name, jdbc:postgresql://db/name, app, a^b|c d",
        "postgres://app:secret@my_db:5432/name, jdbc:postgresql://my_db:5432/name, app, secret",
        "'postgres://app:secret@a:1,b:2/name?sslmode=require', 'jdbc:postgresql://a:1,b:2/name?sslmode=require', app, secret",
        "jdbc:postgresql://db/name, jdbc:postgresql://db/name, ,"
    })
    void bothSpellingsOfADatabaseAddressAreRead(String url, String jdbc, String user, String password) {
        StandardEnvironment environment = completeBut("DATABASE_URL", url);
        assertThat(problems(environment)).isEmpty();
        assertThat(environment.getProperty("spring.datasource.url")).isEqualTo(jdbc);
        assertThat(environment.getProperty("spring.datasource.username")).isEqualTo(user);
        assertThat(environment.getProperty("spring.datasource.password")).isEqualTo(password);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://app:secret@db/name",
                "postgres://",
                "db.example.com",
                "postgres://app:secret@db",
                "jdbc:h2:mem:secret"
            })
    void anotherDatabaseAddressIsAProblemThatDoesNotShowIt(String url) {
        assertThat(problems(completeBut("DATABASE_URL", url)))
                .containsExactly("DATABASE_URL cannot be read; write it as postgres://user:password@host:5432/name");
    }

    @Test
    void aPasswordThatIsTooShortOrTooPlainIsRefused() {
        assertThat(problems(completeBut("WORKOS_COOKIE_PASSWORD", "x".repeat(31))))
                .singleElement()
                .asString()
                .startsWith("WORKOS_COOKIE_PASSWORD is 31 characters long; it needs at least 32");
        assertThat(problems(completeBut("WORKOS_COOKIE_PASSWORD", "ab".repeat(16))))
                .singleElement()
                .asString()
                .startsWith("WORKOS_COOKIE_PASSWORD repeats a few characters");
        assertThat(problems(completeBut("LOCKSTEP_AUDIT_KEY", "short")))
                .singleElement()
                .asString()
                .startsWith("LOCKSTEP_AUDIT_KEY is 5 characters long");
    }

    @ParameterizedTest
    @CsvSource({
        "http://app.example.com/callback, is plain http on a host that is not this machine",
        "http://127.0.0.1.evil.example/callback, is plain http on a host that is not this machine",
        "http://10.0.0.7/callback, is plain http on a host that is not this machine",
        "/callback, is not an absolute http(s) address",
        "app.example.com/callback, is not an absolute http(s) address",
        "ftp://app.example.com/callback, is not an absolute http(s) address"
    })
    void aRedirectAddressThatWouldExposeSessionsIsRefused(String redirect, String why) {
        assertThat(problems(completeBut("WORKOS_REDIRECT_URI", redirect)))
                .singleElement()
                .asString()
                .startsWith("WORKOS_REDIRECT_URI " + why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://localhost:3000/callback", "http://127.0.0.1:3000/callback", "http://[::1]:3000/callback"
            })
    void plainHttpOnThisMachineIsFine(String redirect) {
        assertThat(problems(completeBut("WORKOS_REDIRECT_URI", redirect))).isEmpty();
    }

    @Test
    void aCookieForEverySiteIsRefused() {
        assertThat(problems(completeBut("WORKOS_COOKIE_SAMESITE", "none")))
                .containsExactly("WORKOS_COOKIE_SAMESITE is neither lax nor strict; lax is the default");
    }

    @Test
    void aValueOfTheWrongKindIsNamedBesideTheOtherProblemsOfNames() {
        assertThat(problems(completeBut("lockstep.session.max-age", "soon", "SESSION_SECRET", "x", "DATABASE_URL", "")))
                .hasSize(3)
                .anyMatch(problem ->
                        problem.startsWith("lockstep.session.max-age has a value that cannot be read as Duration"))
                .anyMatch(problem -> problem.startsWith("DATABASE_URL is missing"));
    }

    @Test
    void noProblemShowsAValue() {
        String[] values = {
            "sk_shown", "ab".repeat(16), "postgres//app:shown@db/x", "http://shown.example/callback", "shown"
        };
        String all = String.join(
                "\n",
                problems(environment(Map.of(
                        "WORKOS_API_KEY", values[0],
                        "WORKOS_COOKIE_PASSWORD", values[1],
                        "SESSION_SECRET", "shown-as-well",
                        "DATABASE_URL", values[2],
                        "WORKOS_REDIRECT_URI", values[3],
                        "LOCKSTEP_AUDIT_KEY", values[4]))));
        assertThat(all).doesNotContain(Arrays.asList(values)).doesNotContain("shown");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WORKOS_COOKIE_PASSWORD | this-is-at-least-thirty-two-chars! | is an example from a document",
                "LOCKSTEP_AUDIT_KEY | a-cookie-password-nobody-will-guess | is also used for something else",
                "WORKOS_COOKIE_PASSWORD_NEXT | a-cookie-password-nobody-will-guess | must differ",
                "WORKOS_COOKIE_PASSWORD_PREVIOUS | short | is 5 characters long",
                "WORKOS_COOKIE_NAME | bad name | the cookie name may hold",
                "WORKOS_COOKIE_MAX_AGE | 5 | the cookie's max age is 5 s",
                "WORKOS_COOKIE_DOMAIN | other.example | the cookie domain must be the public URL's host",
                "lockstep.auth.default-return-to | //evil.example | is not a path of this site",
                "lockstep.auth.post-logout-path | https://evil.example/ | is not a path of this site",
                "lockstep.live.allowed-origins | * | is not one origin",
                "lockstep.live.allowed-origins | null | is not one origin",
                "lockstep.live.allowed-origins | https://app.example.com/ | is not one origin",
                "lockstep.live.allowed-origins | http://admin.example.com | holds a plain http origin",
                "lockstep.webhook.allowed-addresses | 203.0.113.7,api.workos.com | an entry that is no IP address",
                "lockstep.proxy.hops | -1 | choose 0 to 10",
                "lockstep.limits.sign-ins | 0 | choose 1 to",
                "lockstep.limits.session-calls | 2000000 | choose 1 to",
                "management.endpoints.web.exposure.include | health,heapdump | shows the inside",
                "management.endpoints.web.exposure.include | * | shows the inside"
            })
    void aSettingThatWouldBeDangerousStopsTheStart(String name, String value, String why) {
        assertThat(problems(completeBut(name, value)))
                .singleElement()
                .asString()
                .contains(why);
    }

    @Test
    void theInsideMayBeShownAtAPortOfItsOwnAndAnOriginWithAPortIsFine() {
        assertThat(problems(completeBut(
                        "management.endpoints.web.exposure.include", "*",
                        "management.server.port", "9000",
                        "lockstep.live.allowed-origins", "https://admin.example.com:8443",
                        "lockstep.proxy.hops", "2")))
                .isEmpty();
    }

    @Test
    void whileAPasswordIsChangedAllOfThemOpenAndTheCurrentOneSeals() {
        var environment = completeBut("WORKOS_COOKIE_PASSWORD_PREVIOUS", "the-cookie-password-of-the-week-before");
        assertThat(problems(environment)).isEmpty();
        assertThat(properties(environment).session().passwords())
                .containsExactly(PASSWORD, "the-cookie-password-of-the-week-before");
        assertThat(new ProductionCheck(environment).notes()).anyMatch(note -> note.contains("keys rotate"));
    }

    @Test
    void whatIsFineAtHomeAndWrongAmongStrangersIsNamedAtOnce() {
        var home = completeBut(
                "WORKOS_REDIRECT_URI", "http://localhost:3000/api/auth/callback",
                "WORKOS_API_HOSTNAME", "localhost",
                "WORKOS_API_HTTPS", "false",
                "LOG_LEVEL", "debug",
                "lockstep.store.require-durable", "false");
        assertThat(problems(home)).isEmpty();
        assertThat(new ProductionCheck(home).problems())
                .hasSize(6)
                .noneMatch(problem -> problem.contains("sk_test_secret") || problem.contains("localhost"));
        var production = completeBut(
                "WORKOS_API_KEY", "sk_live_secret", "LOCKSTEP_AUDIT_KEY", "an-audit-key-nobody-will-guess-either");
        assertThat(new ProductionCheck(production).problems()).isEmpty();
    }
}
