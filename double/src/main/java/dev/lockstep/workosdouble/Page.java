package dev.lockstep.workosdouble;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The frame around every page of the double: self-contained, without scripts, and marked as a double. */
final class Page {
    private static final String FRAME = resource("page.html");

    private Page() {}

    static void addTo(Routes routes) {
        String css = resource("page.css");
        String icon = resource("icon.svg");
        routes.open("GET", "/_double/page.css", request -> Response.text(200, "text/css; charset=utf-8", css))
                .open("GET", "/_double/icon.svg", request -> Response.text(200, "image/svg+xml", icon))
                .open(
                        "GET",
                        "/",
                        request -> message(
                                200,
                                "A WorkOS for your machine",
                                "Applications send people here to sign in. There is nothing else to see."));
    }

    /** The whole page; the title is plain text, the content is HTML that is already escaped. */
    static String html(String title, String content) {
        return FRAME.replace("{title}", escaped(title)).replace("{content}", content);
    }

    /** A page that says one thing and asks nothing. */
    static Response message(int status, String title, String text) {
        return Response.page(status, html(title, "<p class=\"lead\">" + escaped(text) + "</p>"), "'none'");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
