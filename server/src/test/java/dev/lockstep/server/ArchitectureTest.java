package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The allowed and the forbidden ways between the rooms. A break names both sides. */
class ArchitectureTest {
    private static final String ROOT = "dev.lockstep.";

    /** Room, then the rooms it may know besides itself. A room that is not listed here fails the build. */
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            Map.entry("identity", Set.of()),
            Map.entry("embedded", Set.of()),
            Map.entry("session", Set.of("identity")),
            Map.entry("workos", Set.of("identity")),
            Map.entry("store", Set.of("identity")),
            Map.entry("sync", Set.of("workos", "store", "identity")),
            Map.entry("live", Set.of("store", "identity")),
            Map.entry("audit", Set.of("store", "identity")),
            Map.entry("notify", Set.of("store", "identity")),
            Map.entry("workosdouble", Set.of("identity")),
            Map.entry("testing", Set.of("embedded")),
            Map.entry("starter", Set.of("identity", "session", "workos", "store", "sync", "live", "audit", "notify")),
            Map.entry(
                    "server",
                    Set.of(
                            "starter",
                            "workosdouble",
                            "embedded",
                            "identity",
                            "session",
                            "workos",
                            "store",
                            "sync",
                            "live",
                            "audit",
                            "notify")));

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.lockstep");

    static Stream<Arguments> rooms() {
        return ALLOWED.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0} knows only {1}")
    @MethodSource("rooms")
    void aRoomKnowsOnlyTheRoomsItMay(String room, Set<String> allowed) {
        Set<String> breaks = new TreeSet<>();
        for (JavaClass type : HOUSE) {
            if (!room.equals(roomOf(type))) {
                continue;
            }
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String other = roomOf(dependency.getTargetClass());
                if (!other.isEmpty() && !other.equals(room) && !allowed.contains(other)) {
                    breaks.add(room + " -> " + other + ": " + type.getName() + " uses "
                            + dependency.getTargetClass().getName());
                }
            }
        }
        assertThat(breaks)
                .as("ways from " + room + " into rooms it must not know")
                .isEmpty();
    }

    @Test
    void everyRoomIsListed() {
        Set<String> rooms = new TreeSet<>();
        HOUSE.forEach(type -> rooms.add(roomOf(type)));
        assertThat(rooms).isSubsetOf(ALLOWED.keySet());
        assertThat(rooms).contains("session", "workos", "store", "sync", "live", "starter", "server", "workosdouble");
    }

    @Test
    void onlyStarterAndServerKnowSpringsContainer() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackages("dev.lockstep.starter..", "dev.lockstep.server..")
                .should()
                .dependOnClassesThat(
                        springBut("org.springframework.jdbc", "org.springframework.dao", "org.springframework.core.io"))
                .because("libraries run without Spring; only its JDBC client is used as a library")
                .check(HOUSE);
    }

    @Test
    void sessionKnowsNoDatabaseNoHttpAndNoServlets() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("dev.lockstep.session..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..", "javax.sql..", "java.net.http..", "jakarta.servlet..", "org.springframework..")
                .check(HOUSE);
    }

    @Test
    void onlyWorkOsAndTheClientOfTheLiveRoomOpenHttp() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.lockstep.workos..", "dev.lockstep.workosdouble..", "dev.lockstep.live.client..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http..")
                .check(HOUSE);
    }

    @Test
    void onlyTheProjectionWritesMirroredTables() {
        List<String> writers = SqlTexts.writersOf("workos.", HOUSE);
        assertThat(writers).allMatch(name -> name.startsWith("dev.lockstep.sync.projection."));
        assertThat(writers).isNotEmpty();
    }

    @Test
    void readersOfTheFeedAreNeverCalledByItsWriters() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("dev.lockstep.sync..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.lockstep.live..", "dev.lockstep.audit..", "dev.lockstep.notify..")
                .check(HOUSE);
    }

    @Test
    void nobodyAsksTheSystemForTheTime() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackages("dev.lockstep.server..", "dev.lockstep.testing..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .because("time comes in through the constructor")
                .check(HOUSE);
    }

    private static DescribedPredicate<JavaClass> springBut(String... allowed) {
        return DescribedPredicate.describe("Spring's container", type -> {
            String name = type.getPackageName();
            return name.startsWith("org.springframework") && Stream.of(allowed).noneMatch(name::startsWith);
        });
    }

    private static String roomOf(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith(ROOT)) {
            return "";
        }
        String rest = name.substring(ROOT.length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }
}
