package dev.lockstep.starter.socket;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Hides from Jetty that a browser offers compression for its socket: a context of zlib on every socket is dear in memory,
 * and a small message that unfolds into a large one cannot come in.
 */
final class UncompressedSockets extends Handler.Wrapper {
    private static final String OFFER = "Sec-WebSocket-Extensions";

    UncompressedSockets(Handler next) {
        super(next);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        boolean offered = request.getHeaders().contains(OFFER);
        return super.handle(offered ? new WithoutOffer(request) : request, response, callback);
    }

    private static final class WithoutOffer extends Request.Wrapper {
        private final HttpFields headers;

        WithoutOffer(Request request) {
            super(request);
            this.headers = HttpFields.build(request.getHeaders()).remove(OFFER).asImmutable();
        }

        @Override
        public HttpFields getHeaders() {
            return headers;
        }
    }
}
