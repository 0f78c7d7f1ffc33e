package azukari.catalog;

import azukari.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the catalogue a bean, of the folder that the settings name. */
@ApplicationScoped
class CatalogBeans {

    @Produces
    @Singleton
    Catalog catalog(Settings settings) {
        return CatalogLoader.load(settings.catalogDir());
    }
}
