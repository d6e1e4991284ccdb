package dev.lockstep.starter.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.web.util.HtmlUtils;

/**
 * A page that works without scripts and styles, for the moments when nothing else can be relied on. An application that
 * has a /plain.css gives it its looks.
 */
final class PlainPage {
    private PlainPage() {}

    static void write(HttpServletResponse response, int status, String title, String sentence) throws IOException {
        writeBody(response, status, title, "<p>" + HtmlUtils.htmlEscape(sentence) + "</p>");
    }

    /** Writes a page with a form that posts to the address it stands on. */
    static void writeForm(HttpServletResponse response, String title, String button, String csrfToken)
            throws IOException {
        String form = "<form method=\"post\" action=\"/api/auth/logout\"><input type=\"hidden\" name=\""
                + CsrfInterceptor.FIELD + "\" value=\"" + HtmlUtils.htmlEscape(csrfToken)
                + "\"><button type=\"submit\">" + HtmlUtils.htmlEscape(button) + "</button></form>";
        writeBody(response, HttpServletResponse.SC_OK, title, form);
    }

    private static void writeBody(HttpServletResponse response, int status, String title, String body)
            throws IOException {
        NoStore.on(response);
        response.setStatus(status);
        response.setContentType("text/html; charset=utf-8");
        String page = """
                <!doctype html><html lang="en"><head><meta charset="utf-8">\
                <meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">\
                <link rel="stylesheet" href="/plain.css"><title>%1$s</title></head><body><main><h1>%1$s</h1>%2$s<p><a href="/">Go to the start</a></p></main></body></html>
                """.formatted(HtmlUtils.htmlEscape(title), body);
        response.getOutputStream().write(page.getBytes(StandardCharsets.UTF_8));
    }
}
