package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.workos.WorkOS;
import com.workos.common.http.RequestOptions;
import com.workos.models.OrganizationApiKeyWithValue;
import com.workos.models.WorkOSEvent;
import com.workos.webhooks.Webhook;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import kotlin.Pair;
import kotlin.Unit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WorkOS's own Java library judges what the double says. It refuses an object that lacks a field. */
class JavaSdkVerdictTest {
    private final WorkOsDouble workos =
            WorkOsDouble.start(DoubleSettings.builder().holdBack(Duration.ZERO).build());
    private final WorkOS sdk =
            new WorkOS(workos.apiKey(), workos.clientId(), workos.baseUrl().toString());
    private WebhookReceiver receiver;
    private EverythingOnce everything;

    @BeforeEach
    void make() throws Exception {
        receiver = new WebhookReceiver();
        workos.deliverWebhooksTo(receiver.uri());
        everything = EverythingOnce.in(workos);
    }

    @AfterEach
    void stop() {
        workos.close();
        receiver.close();
    }

    @Test
    void everyWebhookIsVerifiedAndItsPayloadIsWholeToTheStrictReader() throws Exception {
        Webhook judge = new Webhook();
        Set<String> types = new TreeSet<>();
        for (WebhookReceiver.Arrival arrival : receiver.take(workos.eventCount())) {
            String body = new String(arrival.body(), StandardCharsets.UTF_8);
            WorkOSEvent event = judge.constructTypedEvent(body, arrival.signature(), workos.webhookSecret());
            types.add(event.getEvent());
        }
        assertThat(types)
                .isEqualTo(workos.events().stream().map(EventRecord::event).collect(Collectors.toSet()))
                .hasSize(57);
    }

    @Test
    void theEventsApiIsReadTyped() {
        String types =
                workos.events().stream().map(EventRecord::event).distinct().collect(Collectors.joining(","));
        var page = sdk.baseClient.requestPage(
                "GET",
                "/events",
                new TypeReference<WorkOSEvent>() {},
                RequestOptions.builder().build(),
                null,
                null,
                parameters -> {
                    parameters.add(new Pair<>("events", types));
                    parameters.add(new Pair<>("limit", "100"));
                    parameters.add(new Pair<>("order", "asc"));
                    return Unit.INSTANCE;
                });
        assertThat(page.data).hasSize(workos.eventCount());
    }

    @Test
    void usersOrganizationsMembershipsSessionsAndInvitationsAreRead() {
        String organization = everything.organization().value();
        var users = sdk.getUserManagement();
        assertThat(users.list().data).hasSize(1);
        assertThat(users.get(everything.user().value()).getName()).isEqualTo("Ada Lovelace");
        assertThat(users.listSessions(everything.user().value()).data).hasSize(1);
        assertThat(users.listInvitations().data).hasSizeGreaterThanOrEqualTo(1);
        assertThat(users.getInvitation(everything.invitation().value()).getToken())
                .hasSize(25);
        assertThat(users.sendInvitation("new@acme.test", organization).getEmail())
                .isEqualTo("new@acme.test");
        assertThat(sdk.getOrganizations().list().data).hasSize(1);
        assertThat(sdk.getOrganizations().get(organization).getDomains()).hasSize(2);
        assertThat(sdk.getOrganizationMembership().list(null, null, null, null, organization).data)
                .hasSize(1);
        assertThat(sdk.getOrganizationMembership()
                        .get(everything.membership().value())
                        .getUser()
                        .getEmail())
                .isEqualTo("ada@acme.test");
        assertThat(sdk.getOrganizationDomains().get(everything.domain().value()).getDomain())
                .isEqualTo("acme.test");
        assertThat(sdk.getOrganizationDomains()
                        .verify(everything.domain().value())
                        .getId())
                .isEqualTo(everything.domain().value());
    }

    @Test
    void rolesAndPermissionsAreRead() {
        String organization = everything.organization().value();
        var authorization = sdk.getAuthorization();
        assertThat(authorization.listEnvironmentRoles().getData()).hasSize(5);
        assertThat(authorization.getEnvironmentRole("editor").getPermissions()).containsExactly("rockets:fly");
        assertThat(authorization.listOrganizationRoles(organization).getData()).hasSize(6);
        assertThat(authorization.getOrganizationRole(organization, "org-pilot").getName())
                .isEqualTo("Chief pilot");
        assertThat(authorization.listPermissions().data).hasSize(6);
        assertThat(authorization.getPermission("rockets:fly").getName()).isEqualTo("Fly");
    }

    @Test
    void directoriesConnectionsGroupsFlagsAndKeysAreRead() {
        String organization = everything.organization().value();
        var directories = sdk.getDirectorySync();
        String directory = everything.directory().value();
        assertThat(directories.list().data).hasSize(1);
        assertThat(directories.get(directory).getMetadata()).isNotNull();
        assertThat(directories.listUsers(null, null, null, null, directory).data)
                .hasSize(1);
        assertThat(directories.listGroups(null, null, null, null, directory).data)
                .hasSize(1);
        assertThat(directories.getUser(everything.directoryUser().value()).getRole())
                .isNotNull();
        assertThat(directories.getGroup(everything.directoryGroup().value()).getName())
                .isEqualTo("Crew");
        assertThat(sdk.getSso().listConnections().data).hasSize(1);
        assertThat(sdk.getSso().getConnection(everything.connection().value()).getDomains())
                .hasSize(2);
        assertThat(sdk.getGroups().listOrganizationGroups(organization).data).hasSize(1);
        assertThat(sdk.getGroups()
                        .getOrganizationGroup(organization, everything.group().value())
                        .getName())
                .isEqualTo("The crew");
        assertThat(sdk.getGroups()
                        .listOrganizationMemberships(
                                organization, everything.group().value())
                        .data)
                .hasSize(1);
        assertThat(sdk.getFeatureFlags().list().data).hasSize(1);
        assertThat(sdk.getFeatureFlags().get("new-ui").getEnabled()).isTrue();
        assertThat(sdk.getFeatureFlags().listOrganizationFeatureFlags(organization).data)
                .hasSize(1);
        assertThat(sdk.getFeatureFlags().listUserFeatureFlags(everything.user().value()).data)
                .hasSize(1);
        OrganizationApiKeyWithValue made =
                sdk.getApiKeys().createOrganizationApiKey(organization, "Second", List.of("content:read"));
        assertThat(sdk.getApiKeys().createValidation(made.getValue()).getApiKey())
                .isNotNull();
        assertThat(sdk.getApiKeys().listOrganizationApiKeys(organization).data).hasSize(2);
        assertThat(sdk.getWebhooks().listEndpoints().data).isEmpty();
    }
}
