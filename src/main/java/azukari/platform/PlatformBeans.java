package azukari.platform;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Exposes the container's resources as beans. */
@ApplicationScoped
class PlatformBeans {
    @Resource
    private ManagedThreadFactory threads;

    @Produces
    @Singleton
    Settings settings() {
        Config config = ConfigProvider.getConfig();
        return Settings.read(System.getenv(), key -> config.getOptionalValue(key, String.class));
    }

    @Produces
    @Singleton
    LaneSessions laneSessions() {
        Config config = ConfigProvider.getConfig();
        return LaneSessions.read(key -> config.getOptionalValue(key, Integer.class));
    }

    @Produces
    @Singleton
    Threads threads() {
        return new Threads(threads);
    }

    @Produces
    @Singleton
    Clock clock() {
        return SystemClock.utc();
    }
}
