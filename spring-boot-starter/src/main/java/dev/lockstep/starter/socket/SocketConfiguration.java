package dev.lockstep.starter.socket;

import dev.lockstep.live.LiveEngine;
import dev.lockstep.live.connection.CallerAuthority;
import dev.lockstep.live.http.ConsistentReads;
import dev.lockstep.live.http.FunctionsOverHttp;
import dev.lockstep.starter.LockstepProperties;
import dev.lockstep.store.Database;
import dev.lockstep.store.feed.HeldSnapshots;
import dev.lockstep.store.feed.MomentReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/** The live endpoint at {@code /api/{version}/sync} and {@code /api/sync}, open to pages of known origins only. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
@Import(JettySocketConfiguration.class)
@ConditionalOnProperty(name = "lockstep.live.enabled", matchIfMissing = true)
public class SocketConfiguration {
    private static final int CONCURRENT_CALLS = 64;

    @Bean
    SocketSenders lockstepSocketSenders() {
        return new SocketSenders();
    }

    @Bean
    WebSocketConfigurer lockstepSockets(LiveEngine live, SocketSenders senders, LockstepProperties properties) {
        List<String> origins = origins(properties);
        LiveSocketHandler handler =
                new LiveSocketHandler(live, senders, properties.live().maxMessage());
        return registry -> registry.addHandler(handler, "/api/sync", "/api/*/sync")
                .setHandshakeHandler(new Handshakes(properties.live().compression()))
                .setAllowedOrigins(origins.toArray(String[]::new));
    }

    /** The same functions for whoever follows nothing: {@code POST /api/query} and its kind. */
    @Bean
    ServletRegistrationBean<FunctionServlet> lockstepFunctions(
            LiveEngine live,
            CallerAuthority authority,
            HeldSnapshots held,
            Database database,
            LockstepProperties properties) {
        FunctionsOverHttp functions = new FunctionsOverHttp(
                live.calls(), authority, new ConsistentReads(held, new MomentReader(database)), CONCURRENT_CALLS);
        return new ServletRegistrationBean<>(
                new FunctionServlet(
                        functions,
                        Set.copyOf(origins(properties)),
                        properties.live().maxMessage()),
                "/api/query",
                "/api/mutation",
                "/api/action",
                "/api/query_ts",
                "/api/query_at_ts");
    }

    private static List<String> origins(LockstepProperties properties) {
        List<String> origins = new ArrayList<>(List.of(properties.origin().toString()));
        origins.addAll(properties.live().allowedOrigins());
        return origins;
    }

    /** Declines the extensions that browsers offer, unless compression is wanted: a context of zlib per socket is dear. */
    private static final class Handshakes extends DefaultHandshakeHandler {
        private final boolean compression;

        Handshakes(boolean compression) {
            this.compression = compression;
        }

        @Override
        protected List<WebSocketExtension> filterRequestedExtensions(
                ServerHttpRequest request, List<WebSocketExtension> requested, List<WebSocketExtension> supported) {
            return compression ? super.filterRequestedExtensions(request, requested, supported) : List.of();
        }
    }
}
