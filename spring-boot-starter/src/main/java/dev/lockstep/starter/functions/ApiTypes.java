package dev.lockstep.starter.functions;

import dev.lockstep.live.function.LiveAction;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.LiveMutation;
import dev.lockstep.live.function.LiveQuery;
import dev.lockstep.live.types.ApiFile;
import dev.lockstep.starter.LiveFunctionSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;

/**
 * Writes {@code api.ts} from the functions of an application. It starts no Spring and needs no database, so that a build
 * can run it right after compiling.
 *
 * @param file where it is written
 * @param name what the type is called
 * @param builtIn whether the functions that Lockstep brings along are in it
 * @param classes names of classes with annotated methods or of {@link LiveFunctionSource}s with a constructor without
 *     parameters; a package with {@code .*} behind it names all of them in it and below
 */
public record ApiTypes(Path file, String name, boolean builtIn, List<String> classes) {
    private static final Logger LOG = LoggerFactory.getLogger(ApiTypes.class);
    private static final String USAGE =
            "Usage: [--write | --check] [--name NAME] [--without-built-in] FILE [CLASS | PACKAGE.*]...";

    public ApiTypes {
        classes = List.copyOf(classes);
    }

    /** Whether the file is what would be written. */
    public boolean isCurrent() throws IOException {
        return Files.exists(file) && Files.readString(file).equals(text());
    }

    /**
     * Writes the file, unless it is what would be written.
     *
     * @return whether anything had to be written
     */
    public boolean write() throws IOException {
        if (isCurrent()) {
            return false;
        }
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(Objects.requireNonNull(folder));
        Files.writeString(file, text());
        return true;
    }

    private String text() {
        LiveFunctions.Builder functions = LiveFunctions.builder();
        if (builtIn) {
            BuiltInFunctions.register(functions);
        }
        classes.stream().flatMap(ApiTypes::named).forEach(type -> add(functions, type));
        return ApiFile.of(functions.build(), name);
    }

    private static Stream<String> named(String given) {
        if (!given.endsWith(".*")) {
            return Stream.of(given);
        }
        List<String> found = Scan.below(given.substring(0, given.length() - 2));
        if (found.isEmpty()) {
            throw new IllegalArgumentException("There is no live function in the package " + given + ".");
        }
        return found.stream();
    }

    private static void add(LiveFunctions.Builder functions, String name) {
        try {
            Class<?> type = Class.forName(name, false, ApiTypes.class.getClassLoader());
            if (LiveFunctionSource.class.isAssignableFrom(type)) {
                var constructor = type.getDeclaredConstructor();
                constructor.setAccessible(true);
                ((LiveFunctionSource) constructor.newInstance()).addTo(functions);
            } else {
                functions.describe(type);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    name + " is not on the class path, or it cannot be made without parameters.", e);
        }
    }

    /**
     * The program for builds.
     *
     * @throws IllegalStateException when it only checks and the file is stale
     */
    public static void main(String[] args) throws IOException {
        boolean check = false;
        boolean builtIn = true;
        String name = "LockstepApi";
        List<String> rest = new ArrayList<>();
        Deque<String> words = new ArrayDeque<>(List.of(args));
        while (!words.isEmpty()) {
            String word = words.remove();
            switch (word) {
                case "--write" -> check = false;
                case "--check" -> check = true;
                case "--without-built-in" -> builtIn = false;
                case "--name" -> name = words.isEmpty() ? usage("--name lacks a name") : words.remove();
                default -> rest.add(word.startsWith("-") ? usage("there is no option " + word) : word);
            }
        }
        Path file = Path.of(rest.isEmpty() ? usage("the file is missing") : rest.removeFirst());
        ApiTypes types = new ApiTypes(file, name, builtIn, rest);
        if (!check) {
            LOG.info("{} {}", types.write() ? "Wrote" : "Up to date:", file);
        } else if (!types.isCurrent()) {
            throw new IllegalStateException(file
                    + " is not what the functions of the server say. Build once without --check and commit the file.");
        }
    }

    private static String usage(String problem) {
        throw new IllegalArgumentException(problem + ". " + USAGE);
    }

    /** Looks for live functions without loading classes. */
    private static final class Scan extends ClassPathScanningCandidateComponentProvider {
        private static final List<String> ANNOTATIONS = Stream.of(LiveQuery.class, LiveMutation.class, LiveAction.class)
                .map(Class::getName)
                .toList();

        private Scan() {
            super(false);
            addIncludeFilter(new AssignableTypeFilter(LiveFunctionSource.class));
            addIncludeFilter((reader, factory) -> ANNOTATIONS.stream()
                    .anyMatch(each -> reader.getAnnotationMetadata().hasAnnotatedMethods(each)));
        }

        static List<String> below(String root) {
            return new Scan()
                    .findCandidateComponents(root).stream()
                            .map(BeanDefinition::getBeanClassName)
                            .filter(Objects::nonNull)
                            .sorted()
                            .toList();
        }

        @Override
        protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
            return definition.getMetadata().isConcrete();
        }
    }
}
