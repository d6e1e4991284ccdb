package dev.lockstep.workosdouble;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** One HTTP answer, whole. */
record Response(int status, Map<String, String> headers, String body) {
    static Response json(int status, Object body) {
        String text = body instanceof String ready ? ready : Json.write(body);
        return new Response(
                status, Map.of("Content-Type", "application/json; charset=utf-8", "Cache-Control", "no-store"), text);
    }

    static Response ok(Object body) {
        return json(200, body);
    }

    static Response nothing(int status) {
        return new Response(status, Map.of(), "");
    }

    static Response text(int status, String type, String body) {
        return new Response(status, Map.of("Content-Type", type), body);
    }

    static Response redirect(URI target) {
        return new Response(302, Map.of("Location", target.toASCIIString(), "Cache-Control", "no-store"), "");
    }

    /**
     * A page that loads nothing from elsewhere and cannot be framed.
     *
     * @param formTargets the origins a form on it may end up at, in CSP notation
     */
    static Response page(int status, String html, String formTargets) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "text/html; charset=utf-8");
        headers.put("Cache-Control", "no-store");
        headers.put(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "
                        + formTargets);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        return new Response(status, headers, html);
    }

    Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, more, body);
    }
}
