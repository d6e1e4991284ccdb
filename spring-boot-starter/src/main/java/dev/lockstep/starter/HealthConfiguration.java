package dev.lockstep.starter;

import org.springframework.context.annotation.Configuration;

/** What operators look at. */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {}
