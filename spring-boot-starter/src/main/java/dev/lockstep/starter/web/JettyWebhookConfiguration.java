package dev.lockstep.starter.web;

import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Server;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the webhook mouth in front of Jetty's servlet context, where Jetty is the server. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({Server.class, ConfigurableJettyWebServerFactory.class})
class JettyWebhookConfiguration {

    /** The mouth is asked for late, because the server is made before the database is open. */
    @Bean
    WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> lockstepWebhooksInFront(
            ObjectProvider<WebhookMouth> mouth, @Value("${server.servlet.context-path:}") String contextPath) {
        Set<String> paths =
                WebhookMouth.PATHS.stream().map(contextPath::concat).collect(Collectors.toUnmodifiableSet());
        return factory -> factory.addServerCustomizers(
                server -> server.setHandler(new JettyWebhooks(server.getHandler(), paths, mouth::getObject)));
    }
}
