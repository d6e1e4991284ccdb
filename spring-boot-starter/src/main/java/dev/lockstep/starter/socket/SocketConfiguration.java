package dev.lockstep.starter.socket;

import dev.lockstep.live.LiveEngine;
import dev.lockstep.starter.LockstepProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/** The live endpoint at {@code /api/{version}/sync} and {@code /api/sync}, open to pages of known origins only. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
@ConditionalOnProperty(name = "lockstep.live.enabled", matchIfMissing = true)
public class SocketConfiguration {

    @Bean
    WebSocketConfigurer lockstepSockets(LiveEngine live, LockstepProperties properties) {
        Executor senders =
                task -> Thread.ofVirtual().name("lockstep-socket-send").start(task);
        List<String> origins = new ArrayList<>(List.of(properties.origin().toString()));
        origins.addAll(properties.live().allowedOrigins());
        LiveSocketHandler handler =
                new LiveSocketHandler(live, senders, properties.live().maxMessage());
        return registry -> registry.addHandler(handler, "/api/sync", "/api/*/sync")
                .setHandshakeHandler(new Handshakes(properties.live().compression()))
                .setAllowedOrigins(origins.toArray(String[]::new));
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
