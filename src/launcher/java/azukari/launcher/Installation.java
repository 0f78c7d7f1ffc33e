package azukari.launcher;

import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * The folder that contains azukari.jar, with the WAR, the resource adapter and the configuration beside it.
 *
 * @param home the folder
 */
record Installation(Path home) {

    /** The installation that this class was loaded from, whatever the working directory is. */
    static Installation find() throws StartException {
        try {
            Path jar = Path.of(Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new Installation(jar.toAbsolutePath().getParent());
        } catch (URISyntaxException e) {
            throw new StartException("the location of azukari.jar is not a valid URI: " + e.getInput(), e);
        }
    }

    /** What is deployed. Tests deploy another WAR from this very folder, the only one that its archive of classes fits. */
    Path war() {
        String other = System.getProperty("azukari.launcher.war");
        return other == null ? file("azukari.war") : Path.of(other);
    }

    Path file(String name) {
        return home.resolve(name);
    }
}
