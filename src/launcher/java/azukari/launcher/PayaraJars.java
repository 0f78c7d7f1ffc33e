package azukari.launcher;

import fish.payara.micro.boot.PayaraMicroBoot;
import fish.payara.micro.boot.PayaraMicroLauncher;
import java.nio.file.Path;

/**
 * Payara Micro as separate jars on this class path. Left to itself, it starts from those that are nested in its
 * artifact, whose class loader takes half of the main thread's time during a start.
 */
final class PayaraJars {
    /** The jar whose class path names the jars that Payara's modules are in. */
    private static final String BOOT_JAR = "fish.payara.micro.BootJar";

    /** The folder of those jars; what is loaded from there has all permissions under Payara's policy. */
    private static final String UNPACK_DIR = "fish.payara.micro.UnpackDir";

    /** Not visible to the compiler: its jar is published only as a part of another. */
    private static final String IMPLEMENTATION = "fish.payara.micro.impl.PayaraMicroImpl";

    private PayaraJars() {}

    /**
     * Makes {@code PayaraMicro.getInstance()} return the one on this class path from now on.
     *
     * @throws StartException if it is missing
     */
    static void use(Installation installation) throws StartException {
        Path folder = installation.file("payara");
        System.setProperty(UNPACK_DIR, folder.toString());
        System.setProperty(
                BOOT_JAR, folder.resolve("payara-micro.jar").toFile().toURI().toString());
        try {
            Object payara =
                    Class.forName(IMPLEMENTATION).getMethod("getInstance").invoke(null);
            PayaraMicroLauncher.registerLaunchedInstance((PayaraMicroBoot) payara);
        } catch (ReflectiveOperationException e) {
            throw new StartException("Payara Micro is missing in " + folder + "; build the server again", e);
        }
    }
}
