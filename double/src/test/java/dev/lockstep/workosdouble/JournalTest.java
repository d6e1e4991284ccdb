package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    private Path folder;

    @Test
    void afterACrashEverythingAnsweredIsStillThereAndTokensStillWork() throws Exception {
        Path survivor = folder.resolve("survivor");
        TruthSnapshot truth;
        List<EventRecord> events;
        String keys;
        SignedIn signedIn;
        String code;
        try (WorkOsDouble workos = started(folder.resolve("original"));
                Caller caller = new Caller(workos)) {
            workos.seedDemo();
            UserId ada = workos.truth().users().getFirst().id();
            OrganizationId acme = workos.truth().organizations().getFirst().id();
            signedIn = workos.signIn(ada, acme);
            SignedIn ended = workos.signIn(ada, null);
            workos.revokeSession(ended.session());
            workos.renameUser(ada, "Adaeze", "Osei");
            code = caller.submit(caller.authorize(Map.of()), Map.of("action", "sign-in", "email", "ben@acme.test"))
                    .locationQuery()
                    .get("code");
            truth = workos.truth();
            events = workos.events();
            keys = caller.browse("/sso/jwks/" + workos.clientId()).body();
            copy(folder.resolve("original"), survivor);
        }
        Files.writeString(
                survivor.resolve("double.journal"), "{\"facts\":[{\"fact\":\"user\",\"us", StandardOpenOption.APPEND);

        try (WorkOsDouble workos = started(survivor);
                Caller caller = new Caller(workos)) {
            assertThat(workos.truth()).isEqualTo(truth);
            assertThat(workos.events()).isEqualTo(events);
            assertThat(caller.browse("/sso/jwks/" + workos.clientId()).body()).isEqualTo(keys);
            assertThat(caller.refresh(signedIn.refreshToken()).status()).isEqualTo(200);
            assertThat(caller.authenticate(Map.of(
                                    "grant_type", "authorization_code", "code", code, "code_verifier", Caller.VERIFIER))
                            .status())
                    .isEqualTo(200);
            workos.seedDemo();
            assertThat(workos.truth().users()).hasSize(4);
        }
        try (WorkOsDouble workos = started(survivor)) {
            assertThat(workos.truth().users()).hasSize(4);
            assertThat(workos.truth().sessions()).hasSize(2);
        }
    }

    @Test
    void aMembershipThatAnOlderVersionWroteIsRead() {
        Fact.Line line = Json.read("""
                {"facts":[{"fact":"membership","membership":{"id":"om_1","user_id":"user_1","organization_id":"org_1","status":"active","role":"member","created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-01T00:00:00.000Z"}}]}""", Fact.Line.class);
        assertThat(((Fact.MembershipPut) line.facts().getFirst()).membership().directoryManaged())
                .isFalse();
    }

    @Test
    void aKilledProcessLosesNothingItHadAnswered() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingDouble.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> answered = new ArrayList<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("user_")) {
                    answered.add(line);
                }
                if (answered.size() == 300) {
                    // Through the handle, which leaves the pipe open: what is in it was answered.
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(answered).hasSizeGreaterThanOrEqualTo(300);
        // The last line may have been cut in the pipe.
        answered.removeLast();
        try (WorkOsDouble workos = started(folder)) {
            assertThat(workos.truth().users())
                    .extracting(user -> user.id().value())
                    .containsAll(answered);
            assertThat(workos.events()).hasSameSizeAs(workos.truth().users());
        }
    }

    @Test
    void anInterruptedThreadDoesNotCloseTheJournalForTheOthers() {
        try (WorkOsDouble workos = started(folder)) {
            Thread.currentThread().interrupt();
            workos.createOrganization("First");
            assertThat(Thread.interrupted()).isTrue();
            workos.createOrganization("Second");
        }
        try (WorkOsDouble workos = started(folder)) {
            assertThat(workos.truth().organizations()).hasSize(2);
        }
    }

    @Test
    void whoWasNotToldBeforeTheCrashIsToldAfterIt() throws Exception {
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            Path survivor = folder.resolve("survivor");
            try (WorkOsDouble workos = started(folder.resolve("original"))) {
                workos.deliverWebhooksTo(receiver.uri());
                workos.faults().goDark();
                workos.createOrganization("Told later");
                copy(folder.resolve("original"), survivor);
            }
            try (WorkOsDouble workos = started(survivor)) {
                assertThat(workos.pendingWebhooks()).isEqualTo(1);
                workos.createOrganization("Made before the endpoint is named again");
                workos.deliverWebhooksTo(receiver.uri());
                assertThat(receiver.take(2)).hasSize(2);
                Waiting.until(() -> workos.pendingWebhooks() == 0);
            }
        }
    }

    @Test
    void aRestartKeepsThePortAndTheSecrets() {
        String first;
        String client;
        try (WorkOsDouble workos = started(folder)) {
            first = workos.issuer() + workos.apiKey() + workos.webhookSecret();
            client = workos.clientId();
        }
        try (WorkOsDouble workos = started(folder)) {
            assertThat(workos.issuer() + workos.apiKey() + workos.webhookSecret())
                    .isEqualTo(first);
        }
        try (WorkOsDouble workos = WorkOsDouble.start(
                DoubleSettings.builder().folder(folder).apiKey("sk_test_chosen").build())) {
            assertThat(workos.apiKey()).isEqualTo("sk_test_chosen");
            assertThat(workos.clientId()).isEqualTo(client);
        }
    }

    @Test
    void twoDoublesDoNotShareAFolder() {
        try (WorkOsDouble workos = started(folder)) {
            assertThat(workos.truth().users()).isEmpty();
            assertThatThrownBy(() -> started(folder))
                    .isInstanceOfSatisfying(
                            DoubleException.class,
                            refused -> assertThat(refused.code()).isEqualTo("DOUBLE_FOLDER_IN_USE"));
        }
    }

    @Test
    void damageInTheMiddleIsNotPassedOver() throws Exception {
        try (WorkOsDouble workos = started(folder)) {
            workos.seedDemo();
        }
        Path journal = folder.resolve("double.journal");
        List<String> lines = new ArrayList<>(Files.readAllLines(journal));
        lines.set(2, lines.get(2).substring(10));
        Files.write(journal, lines);
        assertThatThrownBy(() -> started(folder))
                .isInstanceOfSatisfying(
                        DoubleException.class,
                        refused -> assertThat(refused.code()).isEqualTo("DOUBLE_JOURNAL_DAMAGED"));
        // The refusal let go of the folder.
        lines.remove(2);
        Files.write(journal, lines);
        started(folder).close();
    }

    @Test
    void onlyTheOwnerMayReadTheJournal() throws Exception {
        try (WorkOsDouble workos = started(folder)) {
            workos.seedDemo();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("double.journal"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aLargeJournalShrinksToWhatIsStillTrue() throws Exception {
        List<Fact> kept = List.of(new Fact.OrganizationGone(new OrganizationId("org_kept")));
        List<Fact.Line> replayed = new ArrayList<>();
        try (FileJournal journal = FileJournal.open(folder, 1_000, replayed::add)) {
            for (int i = 0; i < 50; i++) {
                long ticket = journal.append(
                        new Fact.Line(List.of(new Fact.OrganizationGone(new OrganizationId("org_" + i)))));
                journal.compactIfLarge(() -> kept);
                journal.awaitDurable(ticket);
            }
        }
        assertThat(Files.size(folder.resolve("double.journal"))).isLessThan(1_100);
        FileJournal.open(folder, 1_000, replayed::add).close();
        assertThat(replayed.getFirst().facts()).isEqualTo(kept);
        assertThat(replayed.getLast().facts()).containsExactly(new Fact.OrganizationGone(new OrganizationId("org_49")));
        assertThat(Files.exists(folder.resolve("double.journal.new"))).isFalse();
    }

    @Test
    void theShortestHistoryLeadsToTheSameState() {
        try (WorkOsDouble workos = WorkOsDouble.start(DoubleSettings.defaults())) {
            workos.seedDemo();
            TruthSnapshot truth = workos.truth();
            workos.signIn(truth.users().getFirst().id(), null);
            workos.changeRole(truth.memberships().getLast().id(), new RoleSlug("admin"));
            workos.deleteUser(truth.users().get(1).id());
            Tables rebuilt = new Tables();
            List<Fact> facts = workos.history();
            facts.forEach(rebuilt::apply);
            assertThat(rebuilt.facts(Instant.EPOCH)).isEqualTo(facts);
            assertThat(List.copyOf(rebuilt.users.all()))
                    .isEqualTo(workos.truth().users());
            assertThat(List.copyOf(rebuilt.memberships.all()))
                    .isEqualTo(workos.truth().memberships());
        }
    }

    private static WorkOsDouble started(Path folder) {
        return WorkOsDouble.start(DoubleSettings.builder().folder(folder).build());
    }

    private static void copy(Path from, Path to) throws Exception {
        Files.createDirectories(to);
        Files.copy(from.resolve("double.journal"), to.resolve("double.journal"));
    }
}
