package dev.lockstep.starter.socket;

import dev.lockstep.starter.LockstepProperties;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Makes Jetty fit for many sockets: a crowd that comes back at once finds a queue instead of being dropped, and
 * compression, which Jetty negotiates without asking, is declined unless it is wanted.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({Server.class, ConfigurableJettyWebServerFactory.class})
class JettySocketConfiguration {
    /** Connections that wait to be accepted; the system may allow fewer. Java's own default is 50. */
    private static final int ACCEPT_QUEUE = 4096;

    @Bean
    WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> lockstepSocketsOnJetty(
            LockstepProperties properties) {
        return factory -> factory.addServerCustomizers(server -> {
            for (Connector connector : server.getConnectors()) {
                if (connector instanceof ServerConnector listening) {
                    listening.setAcceptQueueSize(ACCEPT_QUEUE);
                }
            }
            if (!properties.live().compression()) {
                server.setHandler(new UncompressedSockets(server.getHandler()));
            }
        });
    }
}
