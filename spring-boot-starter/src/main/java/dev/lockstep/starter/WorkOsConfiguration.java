package dev.lockstep.starter;

import dev.lockstep.workos.ApiKey;
import dev.lockstep.workos.Priority;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsSettings;
import dev.lockstep.workos.authentication.ApiKeysApi;
import dev.lockstep.workos.authentication.AuthenticationApi;
import dev.lockstep.workos.authentication.FeatureFlagsApi;
import dev.lockstep.workos.authentication.SessionsApi;
import dev.lockstep.workos.authentication.SigningKeysApi;
import dev.lockstep.workos.authentication.StepsApi;
import dev.lockstep.workos.event.EventsApi;
import dev.lockstep.workos.organization.MembershipsApi;
import dev.lockstep.workos.organization.OrganizationsApi;
import dev.lockstep.workos.user.UsersApi;
import dev.lockstep.workos.webhook.WebhookSecret;
import dev.lockstep.workos.webhook.WebhookSignature;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The door to WorkOS, with one rate budget for everything that leaves through it. */
@Configuration(proxyBeanMethods = false)
class WorkOsConfiguration {

    @Bean
    @ConditionalOnMissingBean
    WorkOsClient workOsClient(LockstepProperties properties, InstantSource clock) {
        WorkOsSettings settings = WorkOsSettings.of(
                        new ApiKey(Objects.requireNonNull(properties.workos().apiKey())),
                        Objects.requireNonNull(properties.workos().clientId()))
                .withBaseUrl(properties.apiBase());
        return WorkOsClient.open(settings, RateBudget.forEnvironment(), clock, new SecureRandom());
    }

    @Bean
    AuthenticationApi authenticationApi(WorkOsClient client) {
        return new AuthenticationApi(client);
    }

    @Bean
    StepsApi stepsApi(WorkOsClient client) {
        return new StepsApi(client);
    }

    @Bean
    ApiKeysApi apiKeysApi(WorkOsClient client) {
        return new ApiKeysApi(client);
    }

    @Bean
    FeatureFlagsApi featureFlagsApi(WorkOsClient client) {
        return new FeatureFlagsApi(client);
    }

    @Bean
    SigningKeysApi signingKeysApi(WorkOsClient client) {
        return new SigningKeysApi(client);
    }

    @Bean
    SessionsApi sessionsApi(WorkOsClient client) {
        return new SessionsApi(client);
    }

    @Bean
    UsersApi usersApi(WorkOsClient client) {
        return new UsersApi(client);
    }

    @Bean
    OrganizationsApi organizationsApi(WorkOsClient client) {
        return new OrganizationsApi(client);
    }

    @Bean
    MembershipsApi membershipsApi(WorkOsClient client) {
        return new MembershipsApi(client);
    }

    @Bean
    EventsApi eventsApi(WorkOsClient client) {
        return new EventsApi(client.at(Priority.TAIL));
    }

    @Bean
    WebhookSignature webhookSignature(LockstepProperties properties, InstantSource clock) {
        return new WebhookSignature(
                properties.workos().webhookSecrets().stream()
                        .map(WebhookSecret::new)
                        .toList(),
                properties.webhook().tolerance(),
                clock);
    }
}
