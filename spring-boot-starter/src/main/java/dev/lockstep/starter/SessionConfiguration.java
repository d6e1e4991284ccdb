package dev.lockstep.starter;

import dev.lockstep.session.CookieSettings;
import dev.lockstep.session.CsrfTokens;
import dev.lockstep.session.RenewalListener;
import dev.lockstep.session.Revocations;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.SessionGate;
import dev.lockstep.session.SessionReader;
import dev.lockstep.session.keeping.SessionKeeper;
import dev.lockstep.session.keeping.StoredSessions;
import dev.lockstep.session.refresh.SessionRefresher;
import dev.lockstep.session.refresh.SharedFlights;
import dev.lockstep.session.refresh.TokenRefresh;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.RestSeal;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.session.token.SigningKeySource;
import dev.lockstep.session.token.SigningKeys;
import dev.lockstep.session.token.TokenSettings;
import dev.lockstep.store.Database;
import dev.lockstep.workos.authentication.AuthenticationApi;
import dev.lockstep.workos.authentication.SigningKeysApi;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Sessions: keys, cookies, tokens, and the session room's ports met by the WorkOS room. */
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {
    /** What ended is remembered for as long as the longest token that could still name it. */
    static final Duration TOKEN_MEMORY = Duration.ofHours(24);

    @Bean
    CookieKeys cookieKeys(LockstepProperties properties) {
        return CookieKeys.of(properties.session().passwords());
    }

    @Bean
    SessionCookies sessionCookies(LockstepProperties properties) {
        LockstepProperties.Session session = properties.session();
        return new SessionCookies(new CookieSettings(
                session.cookieName(),
                properties.origin().toString(),
                session.maxAge(),
                CookieSettings.SameSite.valueOf(session.sameSite().toUpperCase(Locale.ROOT)),
                session.domain()));
    }

    @Bean
    SessionSealer sessionSealer(CookieKeys keys, LockstepProperties properties, InstantSource clock) {
        return new SessionSealer(
                keys, properties.session().cookieName(), properties.session().maxAge(), clock, new SecureRandom());
    }

    @Bean
    @ConditionalOnMissingBean
    StoredSessions storedSessions(Database database) {
        return new StoredSessionRows(database);
    }

    @Bean
    SessionKeeper sessionKeeper(
            SessionSealer sealer,
            CookieKeys keys,
            StoredSessions rows,
            LockstepProperties properties,
            InstantSource clock) {
        return SessionKeeper.with(
                sealer,
                keys,
                rows,
                properties.session().onServer(),
                properties.session().maxAge(),
                new SessionKeeper.Sources(clock, new SecureRandom()));
    }

    @Bean
    @ConditionalOnMissingBean
    RenewalListener renewalListener() {
        return RenewalListener.NONE;
    }

    @Bean
    CsrfTokens csrfTokens(CookieKeys keys) {
        return new CsrfTokens(keys);
    }

    @Bean
    @ConditionalOnMissingBean
    SigningKeySource signingKeySource(SigningKeysApi api) {
        return WorkOsPorts.signingKeys(api);
    }

    @Bean
    @ConditionalOnMissingBean
    TokenRefresh tokenRefresh(AuthenticationApi api) {
        return WorkOsPorts.refresh(api);
    }

    @Bean
    TokenSettings tokenSettings(LockstepProperties properties) {
        List<String> addresses = new ArrayList<>(List.of(properties.apiBase().toString()));
        addresses.addAll(properties.workos().issuers());
        return TokenSettings.of(Objects.requireNonNull(properties.workos().clientId()), addresses);
    }

    @Bean
    AccessTokenVerifier accessTokenVerifier(SigningKeySource source, TokenSettings settings, InstantSource clock) {
        return new AccessTokenVerifier(new SigningKeys(source, clock), settings, clock);
    }

    @Bean
    Revocations revocations(InstantSource clock) {
        return new Revocations(clock);
    }

    @Bean
    SessionReader sessionReader(
            SessionKeeper keeper,
            AccessTokenVerifier verifier,
            Revocations revocations,
            LockstepProperties properties,
            InstantSource clock) {
        var settings =
                SessionReader.Settings.DEFAULT.withIdle(properties.session().idle());
        return new SessionReader(keeper, verifier, revocations, settings, clock);
    }

    @Bean
    SharedFlights sharedFlights(Database database, CookieKeys keys, InstantSource clock) {
        var seal = new RestSeal(keys, "refresh-flight", new SecureRandom());
        return new SharedFlights(new RefreshClaimRows(database), seal, clock, Thread::sleep);
    }

    @Bean
    SessionRefresher sessionRefresher(
            TokenRefresh refresh, AccessTokenVerifier verifier, InstantSource clock, SharedFlights shared) {
        return new SessionRefresher(refresh, verifier, clock, shared);
    }

    @Bean
    SessionGate sessionGate(
            SessionReader reader,
            SessionRefresher refresher,
            SessionKeeper keeper,
            SessionCookies cookies,
            RenewalListener listener,
            EndedSessions ended) {
        return new SessionGate(reader, refresher, keeper, cookies, new RefreshReuse(ended, listener));
    }
}
