package dev.lockstep.starter.web;

import dev.lockstep.session.CsrfTokens;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.SessionGate;
import dev.lockstep.session.SessionReader;
import dev.lockstep.session.keeping.SessionKeeper;
import dev.lockstep.session.login.Arrivals;
import dev.lockstep.session.login.LoginFlow;
import dev.lockstep.session.login.LogoutUrls;
import dev.lockstep.session.refresh.SessionRefresher;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.starter.EndedSessions;
import dev.lockstep.starter.ErrorTracker;
import dev.lockstep.starter.LockstepProperties;
import dev.lockstep.starter.OriginPatterns;
import dev.lockstep.starter.OwnRows;
import dev.lockstep.starter.OwnSessions;
import dev.lockstep.starter.SessionSightings;
import dev.lockstep.starter.SignInAudit;
import dev.lockstep.starter.SignInRows;
import dev.lockstep.starter.Signals;
import dev.lockstep.store.Database;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.freshness.RightsGate;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.workos.authentication.ApiKeysApi;
import dev.lockstep.workos.webhook.WebhookSignature;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** Wires HTTP: the filter that knows the caller, the guards, the routes, the webhook mouth. */
@Configuration(proxyBeanMethods = false)
@Import({JettyWebhookConfiguration.class, MembersConfiguration.class})
public class WebConfiguration {
    @Bean
    SessionCookieWriter sessionCookieWriter(SessionKeeper keeper, SessionCookies cookies) {
        return new SessionCookieWriter(keeper, cookies);
    }

    @Bean
    MachineCallers machineCallers(ApiKeysApi keys, InstantSource clock) {
        return new MachineCallers(keys, clock);
    }

    @Bean
    SessionStart sessionStart(
            AccessTokenVerifier verifier,
            SignInRows rows,
            SessionCookieWriter cookie,
            EndedSessions ended,
            SignInAudit audit) {
        return new SessionStart(new Arrivals(verifier), rows, cookie, ended, audit);
    }

    @Bean
    @ConditionalOnMissingBean
    SignInListener signInListener() {
        return SignInListener.NONE;
    }

    @Bean
    ClientAddress clientAddress(LockstepProperties properties) {
        return new ClientAddress(properties.proxy().hops());
    }

    @Bean
    FilterRegistrationBean<RequestLog> lockstepRequestLog(ObjectProvider<ErrorTracker> tracker) {
        var registration = new FilterRegistrationBean<>(
                new RequestLog(tracker.getIfAvailable(() -> ErrorTracker.NONE), System::nanoTime));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 20);
        return registration;
    }

    @Bean
    FilterRegistrationBean<HostGuard> lockstepHostGuard(LockstepProperties properties, JsonMapper json) {
        var hosts = new ArrayList<String>(properties.web().hosts());
        hosts.add(properties.origin().getHost());
        properties.workos().otherRedirectUris().forEach(uri -> hosts.add(uri.getHost()));
        var open = new ArrayList<>(WebhookMouth.PATHS);
        open.add("/health");
        var registration = new FilterRegistrationBean<>(new HostGuard(
                OriginPatterns.of(hosts),
                properties.session().domain(),
                HostGuard.isThisMachine(properties.origin().getHost()),
                open,
                json));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 25);
        return registration;
    }

    @Bean
    FilterRegistrationBean<CorsFilter> lockstepCors(LockstepProperties properties) {
        var registration = new FilterRegistrationBean<>(OwnCors.filter(cors(properties)));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 30);
        return registration;
    }

    private static OriginPatterns cors(LockstepProperties properties) {
        return OriginPatterns.of(properties.web().corsOrigins());
    }

    @Bean
    LoginLoop loginLoop(SessionCookies cookies) {
        return new LoginLoop(cookies);
    }

    @Bean
    FilterRegistrationBean<RateLimits> lockstepRateLimits(
            ClientAddress addresses, LockstepProperties properties, InstantSource clock, JsonMapper json) {
        var limits = new RateLimits.Allowed(
                properties.limits().signIns(),
                properties.limits().sessionCalls(),
                properties.limits().handshakes(),
                properties.limits().window());
        var registration = new FilterRegistrationBean<>(new RateLimits(addresses, limits, clock, json));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 50);
        return registration;
    }

    @Bean
    FilterRegistrationBean<SessionFilter> lockstepSessionFilter(
            SessionGate gate,
            MachineCallers machines,
            SessionSightings sightings,
            ClientAddress addresses,
            Signals signals) {
        var registration = new FilterRegistrationBean<>(
                new SessionFilter(gate, machines, sightings, addresses, signals.sessions()));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
        return registration;
    }

    @Bean
    WebhookMouth lockstepWebhookMouth(
            WebhookSignature signature,
            Inbox inbox,
            JsonMapper json,
            Signals signals,
            ClientAddress addresses,
            LockstepProperties properties) {
        LockstepProperties.Webhook webhook = properties.webhook();
        var senders = new WebhookSenders(addresses, webhook.allowedAddresses());
        return new WebhookMouth(signature, inbox, json, signals, webhook.maxBody(), senders);
    }

    @Bean
    ServletRegistrationBean<WebhookServlet> lockstepWebhookServlet(WebhookMouth mouth) {
        var registration = new ServletRegistrationBean<>(new WebhookServlet(mouth));
        registration.setUrlMappings(WebhookMouth.PATHS);
        registration.setName("lockstepWebhooks");
        return registration;
    }

    @Bean
    WebMvcConfigurer lockstepMvc(
            CsrfTokens csrf,
            RightsGate rights,
            Freshness freshness,
            OwnRows rows,
            LockstepProperties properties,
            InstantSource clock) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CallerArgument(rows));
            }

            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(
                        new CsrfInterceptor(csrf, properties.origin().toString(), cors(properties)));
                registry.addInterceptor(new ReadTokenInterceptor(
                        freshness, properties.freshness().awaitTimeout()));
                registry.addInterceptor(new RightsInterceptor(rights));
                registry.addInterceptor(new SessionGuards(clock));
            }
        };
    }

    @Bean
    @ConditionalOnMissingBean
    SignInPage signInPage() {
        return SignInPage.PLAIN;
    }

    @Bean
    RefusalAdvice lockstepRefusals(JsonMapper json) {
        return new RefusalAdvice(json);
    }

    @Bean
    FailureAdvice lockstepFailures(JsonMapper json) {
        return new FailureAdvice(json);
    }

    @Bean
    AuthController lockstepAuthController(
            SessionRefresher refresher,
            SessionCookieWriter cookie,
            CsrfTokens csrf,
            SignInPage page,
            OwnRows rows,
            LockstepProperties properties,
            InstantSource clock) {
        return new AuthController(new SessionMoves(refresher, cookie), csrf, page, properties, rows, clock);
    }

    @Bean
    LoginController lockstepLoginController(
            LoginFlow flow,
            SessionStart start,
            ClientAddress addresses,
            SignInListener listener,
            LoginLoop loop,
            Signals signals,
            LockstepProperties properties,
            InstantSource clock) {
        var way = new LoginController.Way(flow, start, loop);
        return new LoginController(way, addresses, listener, signals, properties, clock);
    }

    @Bean
    LogoutController.Sessions lockstepOpenSessions(
            SessionReader reader,
            SessionCookies cookies,
            SessionCookieWriter cookie,
            CsrfTokens csrf,
            EndedSessions ended) {
        return new LogoutController.Sessions(reader, cookies, cookie, csrf, ended);
    }

    @Bean
    LogoutController lockstepLogoutController(
            LogoutController.Sessions sessions,
            LoginFlow flow,
            LoginLoop loop,
            LogoutUrls urls,
            LockstepProperties properties,
            JsonMapper json) {
        return new LogoutController(sessions, new LogoutController.Attempts(flow, loop), urls, properties, json);
    }

    @Bean
    SessionsController lockstepSessionsController(OwnSessions own, EndedSessions ended) {
        return new SessionsController(own, ended);
    }

    @Bean
    HealthController lockstepHealthController(Database database, InstantSource clock) {
        return new HealthController(database, clock);
    }
}
