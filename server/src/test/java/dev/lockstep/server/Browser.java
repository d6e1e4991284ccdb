package dev.lockstep.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A real Chromium for tests. Where there is none, the test is left out and says how to get one. */
final class Browser implements AutoCloseable {
    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    private Browser(Playwright playwright, com.microsoft.playwright.Browser chromium) {
        this.playwright = playwright;
        this.chromium = chromium;
    }

    static Browser start() {
        Path program = chromium();
        Path driver = root().resolve("testing/clients/node_modules/playwright-core");
        assumeTrue(Files.exists(driver), "no browser driver: run npm ci in testing/clients");
        System.setProperty("playwright.cli.dir", cliFolder(driver).toString());
        Playwright playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_NODEJS_PATH", node(), "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        var options = new BrowserType.LaunchOptions()
                .setExecutablePath(program)
                .setArgs(List.of(
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync"));
        return new Browser(playwright, playwright.chromium().launch(options));
    }

    /** A browser profile of its own: cookies are not shared with other windows. */
    BrowserContext window() {
        return window(ColorScheme.LIGHT);
    }

    BrowserContext window(ColorScheme scheme) {
        BrowserContext context = chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(1180, 900)
                .setColorScheme(scheme));
        context.setDefaultTimeout(15_000);
        return context;
    }

    /** Keeps a picture of the page as build output, for people to look at. */
    static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(root().resolve("build-output/screenshots/" + name + ".png"))
                .setFullPage(true));
    }

    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("lockstep"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    private static Path cliFolder(Path driver) {
        try {
            Path folder = Files.createTempDirectory("browser-driver");
            Files.createSymbolicLink(folder.resolve("package"), driver);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The program itself; without one the test is left out. */
    static Path chromium() {
        Optional<Path> program = program();
        assumeTrue(program.isPresent(), "no Chromium on this machine: install the package chromium");
        return program.orElseThrow();
    }

    private static Optional<Path> program() {
        String given = System.getProperty("lockstep.test.chromium", "");
        return Stream.of(given, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String node() {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .map(folder -> Path.of(folder, "node"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElse("node");
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
