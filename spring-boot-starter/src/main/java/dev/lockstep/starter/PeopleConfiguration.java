package dev.lockstep.starter;

import dev.lockstep.audit.Audit;
import dev.lockstep.live.LiveEngine;
import dev.lockstep.session.Revocations;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.login.CodeExchange;
import dev.lockstep.session.login.LoginFlow;
import dev.lockstep.session.login.LoginSettings;
import dev.lockstep.session.login.LogoutUrls;
import dev.lockstep.session.login.PendingLogins;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.session.token.TokenSettings;
import dev.lockstep.store.Database;
import dev.lockstep.sync.backfill.PersonSync;
import dev.lockstep.sync.projection.LoginProjection;
import dev.lockstep.workos.authentication.AuthenticationApi;
import dev.lockstep.workos.authentication.SessionsApi;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Signing in and out, and what the mirror says about people. */
@Configuration(proxyBeanMethods = false)
class PeopleConfiguration {

    @Bean
    LoginSettings loginSettings(LockstepProperties properties, TokenSettings tokens) {
        return new LoginSettings(
                properties.apiBase().toString(),
                Objects.requireNonNull(properties.workos().clientId()),
                Objects.requireNonNull(properties.workos().redirectUri()).toString(),
                tokens.issuers(),
                properties.workos().otherRedirectUris().stream()
                        .map(URI::toString)
                        .collect(Collectors.toSet()));
    }

    @Bean
    @ConditionalOnMissingBean
    CodeExchange codeExchange(AuthenticationApi api) {
        return WorkOsPorts.codes(api);
    }

    @Bean
    LoginFlow loginFlow(
            LoginSettings settings,
            SessionCookies cookies,
            CookieKeys keys,
            CodeExchange exchange,
            AccessTokenVerifier verifier,
            InstantSource clock) {
        return new LoginFlow(
                settings, cookies, new PendingLogins(keys, clock, new SecureRandom()), exchange, verifier, clock);
    }

    @Bean
    LogoutUrls logoutUrls(LoginSettings settings, SessionCookies cookies) {
        return new LogoutUrls(settings, cookies.settings());
    }

    @Bean
    SignInRows signInRows(LoginProjection projection) {
        return new SignInRows(projection);
    }

    @Bean
    SignInAudit signInAudit(Database database, ObjectProvider<Audit> audit) {
        return new SignInAudit(database, audit.getIfAvailable());
    }

    @Bean
    EndedSessions endedSessions(
            Revocations revocations,
            LiveEngine live,
            Database database,
            ObjectProvider<Audit> audit,
            SessionRevoker revoker) {
        return new EndedSessions(revocations, live::revoke, database, audit.getIfAvailable(), revoker::ring);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    SessionRevoker sessionRevoker(Database database, SessionsApi sessions) {
        return new SessionRevoker(database, sessions);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    SessionSightings sessionSightings(Database database, InstantSource clock, PersonSync people) {
        return new SessionSightings(database, clock, people::run);
    }

    @Bean
    OwnSessions ownSessions(Database database) {
        return new OwnSessions(database);
    }

    @Bean
    OwnRows ownRows(Database database) {
        return new OwnRows(database);
    }
}
