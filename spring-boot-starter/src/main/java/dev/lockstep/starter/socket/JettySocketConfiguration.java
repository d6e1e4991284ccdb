package dev.lockstep.starter.socket;

import org.eclipse.jetty.server.Server;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Declines compression where Jetty is the server, which negotiates it without asking. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({Server.class, ConfigurableJettyWebServerFactory.class})
@ConditionalOnProperty(name = "lockstep.live.compression", havingValue = "false", matchIfMissing = true)
class JettySocketConfiguration {

    @Bean
    WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> lockstepUncompressedSockets() {
        return factory ->
                factory.addServerCustomizers(server -> server.setHandler(new UncompressedSockets(server.getHandler())));
    }
}
