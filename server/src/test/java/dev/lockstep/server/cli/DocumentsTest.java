package dev.lockstep.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The documents that were asked for are there, reach each other, and name commands and settings that exist. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s#]+\\.md)(?:#[^)]*)?\\)");
    private static final Pattern COMMAND = Pattern.compile("\\./lockstep ([a-z]+)(?: ([a-z]+))?");
    private static final Pattern SETTING = Pattern.compile("`(lockstep\\.[a-z-]+\\.[a-z0-9.-]*[a-z0-9])`");
    private static final Pattern METER = Pattern.compile("^\\| `(lockstep\\.[a-z.]+)`", Pattern.MULTILINE);

    /** Secrets as their owners write them, each long enough to be one. */
    private static final List<Pattern> SECRETS = Stream.of(
                    "sk_" + "live_[A-Za-z0-9]{16,}",
                    "sk_" + "test_a2V5[A-Za-z0-9]{16,}",
                    "wh" + "sec_[A-Za-z0-9+/]{24,}",
                    "AK" + "IA[0-9A-Z]{16}",
                    "gh" + "[pousr]_[A-Za-z0-9]{36}",
                    "xox" + "[baprs]-[A-Za-z0-9-]{20,}",
                    "-----BEGIN [A-Z ]*PRIVATE " + "KEY-----")
            .map(Pattern::compile)
            .toList();

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            List<Path> all = new ArrayList<>(
                    docs.filter(file -> file.toString().endsWith(".md")).toList());
            all.add(ROOT.resolve("README.md"));
            all.add(ROOT.resolve("ARCHITECTURE.md"));
            all.add(ROOT.resolve("CONTRIBUTING.md"));
            return all;
        }
    }

    private static Set<Path> linksOf(Path document) {
        return LINK.matcher(read(document))
                .results()
                .map(found -> document.resolveSibling(found.group(1)).normalize())
                .collect(Collectors.toSet());
    }

    private static Set<Path> reachedFrom(Path start) {
        Set<Path> reached = new HashSet<>();
        Deque<Path> next = new ArrayDeque<>(List.of(start));
        while (!next.isEmpty()) {
            Path document = next.pop();
            if (reached.add(document)) {
                linksOf(document).stream().filter(Files::exists).forEach(next::push);
            }
        }
        return reached;
    }

    @Test
    void everyDocumentIsReachedFromTheReadme() throws IOException {
        assertThat(reachedFrom(ROOT.resolve("README.md"))).containsAll(documents());
    }

    /** Which document speaks of what was asked for, by its heading. */
    @ParameterizedTest
    @CsvSource({
        "docs/sign-in.md, What a request goes through",
        "docs/sign-in.md, The flow",
        "docs/sync.md, 'Three ways in, one merge'",
        "docs/sync.md, The tables of the mirror",
        "docs/quickstart.md, With your WorkOS",
        "docs/quickstart.md, 'Webhooks, the Events API, or both?'",
        "docs/quickstart.md, In your own Spring application",
        "ARCHITECTURE.md, 'One webhook, walked'",
        "ARCHITECTURE.md, 'One login, walked'",
        "docs/sign-in.md, With WorkOS's Node libraries beside it"
    })
    void whatWasAskedForStandsUnderAHeadingAndIsMoreThanAHeading(String document, String heading) {
        String text = read(ROOT.resolve(document));
        int at = text.indexOf("\n## " + heading + "\n");
        assertThat(at).as(heading).isPositive();
        int end = text.indexOf("\n## ", at + 1);
        assertThat(text.substring(at, end < 0 ? text.length() : end).strip().length())
                .isGreaterThan(250);
    }

    @Test
    void signInSyncAndQuickStartLinkEachOther() {
        Map<String, List<String>> links = Map.of(
                "docs/sign-in.md", List.of("docs/sync.md", "docs/errors.md", "docs/security.md"),
                "docs/sync.md", List.of("docs/sign-in.md"),
                "docs/quickstart.md", List.of("docs/sync.md", "docs/sign-in.md", "docs/configuration.md"));
        links.forEach((from, to) -> assertThat(linksOf(ROOT.resolve(from)))
                .as(from)
                .containsAll(to.stream().map(ROOT::resolve).toList()));
    }

    @Test
    void everyCommandInTheDocumentsIsAVerb() throws IOException {
        Map<String, CommandLine> verbs = LockstepCommand.line().getSubcommands();
        Set<String> ofTheLauncher = COMMAND.matcher(read(ROOT.resolve("lockstep")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Path document : documents()) {
            for (MatchResult found : COMMAND.matcher(read(document)).results().toList()) {
                seen++;
                CommandLine verb = verbs.get(found.group(1));
                boolean known = verb == null
                        ? ofTheLauncher.contains(found.group(1))
                        : found.group(2) == null
                                || verb.getSubcommands().isEmpty()
                                || verb.getSubcommands().containsKey(found.group(2));
                if (!known) {
                    wrong.add(document.getFileName() + ": " + found.group());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isGreaterThan(50);
    }

    @Test
    void everySettingInTheDocumentsExists() throws IOException {
        Set<String> known = settings();
        Set<String> meters = METER.matcher(read(ROOT.resolve("docs/metrics.md")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        Set<String> wrong = new TreeSet<>();
        int seen = 0;
        for (Path document : documents()) {
            for (MatchResult found : SETTING.matcher(read(document)).results().toList()) {
                String name = found.group(1);
                seen++;
                boolean group = known.stream().anyMatch(key -> key.startsWith(name + "."));
                if (!known.contains(name) && !meters.contains(name) && !group) {
                    wrong.add(document.getFileName() + ": " + name);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isGreaterThan(80);
    }

    private static Set<String> settings() throws IOException {
        Set<String> keys = new HashSet<>();
        for (URL metadata : Collections.list(
                DocumentsTest.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream json = metadata.openStream()) {
                for (JsonNode property : JsonMapper.shared().readTree(json).path("properties")) {
                    keys.add(property.path("name").asString());
                }
            }
        }
        return keys.stream().filter(key -> key.startsWith("lockstep.")).collect(Collectors.toSet());
    }

    @Test
    void noFileOfTheRepositoryHoldsASecretAndTheEnvironmentFileIsLeftOut() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : repository()) {
            String text = text(file);
            SECRETS.stream()
                    .filter(secret -> secret.matcher(text).find())
                    .forEach(secret -> found.add(ROOT.relativize(file) + " holds something like " + secret));
        }
        assertThat(found).isEmpty();
        assertThat(read(ROOT.resolve(".gitignore")).lines()).contains(".env");
        assertThat(repository()).hasSizeGreaterThan(500);
    }

    /** What a commit could hold: everything but what builds and tools make. */
    private static List<Path> repository() throws IOException {
        Set<String> made = Set.of(
                "target", "node_modules", "dist", ".git", ".next", ".lockstep", "build-output", ".idea", ".vscode");
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return made.contains(String.valueOf(folder.getFileName()))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!file.getFileName().toString().equals(".env")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
