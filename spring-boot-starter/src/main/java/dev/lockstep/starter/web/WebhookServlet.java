package dev.lockstep.starter.web;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@link WebhookMouth} in any servlet container. */
final class WebhookServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient WebhookMouth mouth;

    WebhookServlet(WebhookMouth mouth) {
        this.mouth = mouth;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        WebhookMouth.Answer answer = mouth.take(new ServletPost(request));
        response.setStatus(answer.status());
        response.setContentType(answer.type());
        if (answer.refused()) {
            NoStore.on(response);
        }
        if (answer.retryAfter()) {
            response.setHeader("Retry-After", "3");
        }
        response.setContentLength(answer.body().length);
        response.getOutputStream().write(answer.body());
    }

    private record ServletPost(HttpServletRequest request) implements WebhookMouth.Post {
        @Override
        public String path() {
            return request.getRequestURI();
        }

        @Override
        public String peer() {
            return request.getRemoteAddr();
        }

        @Override
        public @Nullable String header(String name) {
            return request.getHeader(name);
        }

        @Override
        public List<String> headers(String name) {
            return Collections.list(request.getHeaders(name));
        }

        @Override
        public long length() {
            return request.getContentLengthLong();
        }

        @Override
        public InputStream body() throws IOException {
            return request.getInputStream();
        }
    }
}
