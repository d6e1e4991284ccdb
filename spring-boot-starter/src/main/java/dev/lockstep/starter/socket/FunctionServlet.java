package dev.lockstep.starter.socket;

import dev.lockstep.live.http.FunctionsOverHttp;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Functions over HTTP: pages of known origins, with or without a bearer token, never with a cookie. It reads JSON only, so
 * no form of another site can reach it.
 */
final class FunctionServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String JSON = "application/json";
    private static final String ONE_DAY = "86400";

    private final transient FunctionsOverHttp functions;
    private final transient Set<String> origins;
    private final int longest;

    FunctionServlet(FunctionsOverHttp functions, Set<String> origins, int longest) {
        this.functions = functions;
        this.origins = origins;
        this.longest = longest;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String origin = request.getHeader("Origin");
        response.addHeader("Vary", "Origin");
        if (origin != null && !origins.contains(origin)) {
            refuse(response, 403, "OriginRefused", "Pages of this origin may not call functions here.");
            return;
        }
        if (origin != null) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            response.setHeader("Access-Control-Allow-Credentials", "true");
        }
        switch (request.getMethod()) {
            case "OPTIONS" -> preflight(request, response);
            case "POST" -> post(request, response);
            default -> {
                response.setHeader("Allow", "POST, OPTIONS");
                refuse(response, 405, "MethodNotAllowed", "Functions are called by POST.");
            }
        }
    }

    private static void preflight(HttpServletRequest request, HttpServletResponse response) {
        String headers = request.getHeader("Access-Control-Request-Headers");
        response.setHeader("Access-Control-Allow-Methods", "POST, OPTIONS");
        if (headers != null) {
            response.setHeader("Access-Control-Allow-Headers", headers);
        }
        response.setHeader("Access-Control-Max-Age", ONE_DAY);
        response.setStatus(204);
    }

    private void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<FunctionsOverHttp.Kind> kind = FunctionsOverHttp.Kind.of(request.getRequestURI());
        if (kind.isEmpty()) {
            refuse(response, 404, "NotFound", "There is nothing here.");
        } else if (!isJson(request.getContentType())) {
            refuse(response, 415, "UnsupportedMediaType", "Send the call as " + JSON + ".");
        } else {
            byte[] body = request.getInputStream().readNBytes(longest + 1);
            if (body.length > longest) {
                refuse(response, 413, "TooLarge", "A call has at most " + longest + " bytes.");
                return;
            }
            String text = text(body);
            if (text == null) {
                refuse(response, 400, "InvalidRequest", "The body is not UTF-8.");
                return;
            }
            FunctionsOverHttp.Response answer = functions.answer(kind.get(), text, request.getHeader("Authorization"));
            if (answer.retryAfter() > 0) {
                response.setHeader("Retry-After", Long.toString(answer.retryAfter()));
            }
            write(response, answer.status(), answer.body());
        }
    }

    private static boolean isJson(@Nullable String type) {
        return type != null
                && type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals(JSON);
    }

    private static @Nullable String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static void refuse(HttpServletResponse response, int status, String code, String sentence)
            throws IOException {
        write(response, status, "{\"code\":\"" + code + "\",\"message\":\"" + sentence + "\"}");
    }

    private static void write(HttpServletResponse response, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(JSON);
        response.setHeader("Cache-Control", "private, no-store");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
