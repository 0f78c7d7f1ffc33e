package azukari.catalog;

import azukari.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Produces the catalogue as a bean, loaded from the folder in the settings. */
@ApplicationScoped
class CatalogBeans {

    @Produces
    @Singleton
    Catalog catalog(Settings settings) {
        return CatalogLoader.load(settings.catalogDir());
    }
}
