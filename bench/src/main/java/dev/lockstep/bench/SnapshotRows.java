package dev.lockstep.bench;

import dev.lockstep.embedded.EmbeddedPostgres;
import dev.lockstep.embedded.EmbeddedPostgresSettings;
