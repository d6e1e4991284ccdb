package dev.lockstep.starter.web;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The {@link WebhookMouth} in front of Jetty's servlet context: a webhook needs neither session, filters nor dispatch,
 * which together cost more than storing it. Whatever is not exactly a POST to a mouth goes on to the servlets.
 */
final class JettyWebhooks extends Handler.Wrapper {
    private static final HttpField NO_SNIFF = new HttpField("X-Content-Type-Options", "nosniff");

    private final Set<String> paths;
    private final Supplier<WebhookMouth> mouths;
    private volatile @Nullable WebhookMouth mouth;

    /**
     * @param next everything else
     * @param paths as they stand in requests, the context path included
     * @param mouths asked once, at the first webhook
     */
    JettyWebhooks(@Nullable Handler next, Set<String> paths, Supplier<WebhookMouth> mouths) {
        super(next);
        this.paths = Set.copyOf(paths);
        this.mouths = mouths;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!HttpMethod.POST.is(request.getMethod())
                || !paths.contains(request.getHttpURI().getPath())) {
            return super.handle(request, response, callback);
        }
        WebhookMouth.Answer answer = mouth().take(new JettyPost(request));
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, answer.type());
        headers.put(HttpHeader.CONTENT_LENGTH, answer.body().length);
        headers.put(NO_SNIFF);
        if (answer.refused()) {
            headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        }
        if (answer.retryAfter()) {
            headers.put(HttpHeader.RETRY_AFTER, "3");
        }
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
        return true;
    }

    private WebhookMouth mouth() {
        WebhookMouth known = mouth;
        if (known == null) {
            known = mouths.get();
            mouth = known;
        }
        return known;
    }

    private record JettyPost(Request request) implements WebhookMouth.Post {
        @Override
        public String path() {
            return request.getHttpURI().getPath();
        }

        @Override
        public String peer() {
            return Request.getRemoteAddr(request);
        }

        @Override
        public @Nullable String header(String name) {
            return request.getHeaders().get(name);
        }

        @Override
        public List<String> headers(String name) {
            return request.getHeaders().getValuesList(name);
        }

        @Override
        public long length() {
            return request.getLength();
        }

        @Override
        public InputStream body() {
            return Content.Source.asInputStream(request);
        }
    }
}
