package dev.lockstep.starter.web;

import dev.lockstep.session.CsrfTokens;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.SessionReader;
import dev.lockstep.session.login.LoginFlow;
import dev.lockstep.session.login.LogoutUrls;
import dev.lockstep.session.refresh.SessionRefresher;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.starter.EndedSessions;
import dev.lockstep.starter.LockstepProperties;
import dev.lockstep.starter.OwnSessions;
import dev.lockstep.starter.SignInRows;
import dev.lockstep.starter.Signals;
import dev.lockstep.store.Database;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.freshness.RightsGate;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.workos.authentication.SessionsApi;
import dev.lockstep.workos.webhook.WebhookSignature;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** Wires HTTP: the filter that knows the caller, the guards, the routes, the webhook mouth. */
@Configuration(proxyBeanMethods = false)
@Import(JettyWebhookConfiguration.class)
public class WebConfiguration {
    @Bean
    SessionCookieWriter sessionCookieWriter(SessionSealer sealer, SessionCookies cookies) {
        return new SessionCookieWriter(sealer, cookies);
    }

    @Bean
    FilterRegistrationBean<SessionFilter> lockstepSessionFilter(
            SessionReader reader,
            SessionRefresher refresher,
            SessionCookieWriter cookie,
            SessionCookies cookies,
            Signals signals) {
        var registration =
                new FilterRegistrationBean<>(new SessionFilter(reader, refresher, cookie, cookies, signals.sessions()));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
        return registration;
    }

    @Bean
    WebhookMouth lockstepWebhookMouth(
            WebhookSignature signature, Inbox inbox, JsonMapper json, Signals signals, LockstepProperties properties) {
        return new WebhookMouth(
                signature, inbox, json, signals, properties.webhook().maxBody());
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
            CsrfTokens csrf, RightsGate rights, Freshness freshness, LockstepProperties properties) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CallerArgument());
            }

            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(
                        new CsrfInterceptor(csrf, properties.origin().toString()));
                registry.addInterceptor(new ReadTokenInterceptor(
                        freshness, properties.freshness().awaitTimeout()));
                registry.addInterceptor(new RightsInterceptor(rights));
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
            LockstepProperties properties) {
        return new AuthController(refresher, cookie, csrf, page, properties);
    }

    @Bean
    LoginController lockstepLoginController(
            LoginFlow flow,
            SessionCookieWriter cookie,
            SignInRows rows,
            Signals signals,
            LockstepProperties properties,
            InstantSource clock) {
        return new LoginController(flow, cookie, rows, signals.signIns(), properties, clock);
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
            LogoutUrls urls,
            LockstepProperties properties,
            JsonMapper json) {
        return new LogoutController(sessions, flow, urls, properties, json);
    }

    @Bean
    SessionsController lockstepSessionsController(OwnSessions own, SessionsApi workOs, EndedSessions ended) {
        return new SessionsController(own, workOs, ended);
    }

    @Bean
    HealthController lockstepHealthController(Database database, InstantSource clock) {
        return new HealthController(database, clock);
    }
}
