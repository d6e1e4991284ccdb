package dev.lockstep.starter;

import dev.lockstep.store.Database;
import dev.lockstep.sync.backfill.PersonSync;
import dev.lockstep.sync.hydrate.HydrateSettings;
import dev.lockstep.sync.hydrate.Hydrator;
import dev.lockstep.sync.hydrate.WorkOsObjectSource;
import dev.lockstep.sync.inbox.InboxDepth;
import dev.lockstep.sync.projection.MirrorSink;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.workos.Priority;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.object.ObjectsApi;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What events leave open is asked of WorkOS, behind everything that somebody waits for. */
@Configuration(proxyBeanMethods = false)
class HydrationConfiguration {

    @Bean
    Hydration hydration(
            Database database,
            WorkOsClient client,
            Snapshots snapshots,
            LockstepProperties properties,
            InstantSource clock) {
        ObjectsApi objects = new ObjectsApi(client.at(Priority.HYDRATE));
        Hydrator hydrator = new Hydrator(
                database,
                new WorkOsObjectSource(objects),
                new MirrorSink(database, snapshots),
                HydrateSettings.defaults(),
                clock,
                () -> database.read(InboxDepth::isBehind));
        return new Hydration(hydrator, properties.sync().enabled());
    }

    /** For applications to inject: brings one person up to date at once. */
    @Bean
    PersonSync personSync(WorkOsClient client, Database database, Snapshots snapshots) {
        return new PersonSync(client.at(Priority.LOGIN), database, snapshots);
    }
}
