package dev.lockstep.server;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The server's Spring application: the starter and the pages. It has no logic of its own. */
@SpringBootApplication
public class ServerApplication {}
