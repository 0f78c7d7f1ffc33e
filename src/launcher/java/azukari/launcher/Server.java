package azukari.launcher;

import fish.payara.micro.BootstrapException;
import fish.payara.micro.PayaraMicro;
import fish.payara.micro.PayaraMicroRuntime;
import java.io.File;
import java.nio.file.Path;
import java.util.Map;

/** Payara Micro in this JVM, with the WAR. */
final class Server {
    private static final String APPLICATION = "azukari";

    private static final String HTTP = "set configs.config.server-config.network-config.network-listeners"
            + ".network-listener.http-listener.enabled=";

    private final PayaraMicroRuntime runtime;
    private final AdminCommands commands;

    private Server(PayaraMicroRuntime runtime, AdminCommands commands) {
        this.runtime = runtime;
        this.commands = commands;
    }

    /**
     * Boots Payara Micro with the resource adapter, the connection factory and the data sources, and nothing deployed
     * yet.
     *
     * @param root an empty folder
     * @throws StartException if it did not boot or refused its configuration
     */
    static Server boot(Settings settings, Installation installation, Path root) throws StartException {
        Map<String, String> words = Map.of(
                "home", installation.home().toString(),
                "host", settings.host(),
                "data-source", ServerProperties.dataSource(settings.database()),
                "validation-table", ServerProperties.validationTable(settings.database()),
                "connector", ServerProperties.connector(settings.broker()));
        AdminCommands before = new AdminCommands(installation.file("pre-boot.asadmin"), words);
        AdminCommands after = new AdminCommands(installation.file("post-boot.asadmin"), words);
        PayaraJars.use(installation);
        TypeWalk.shorten();
        HttpDoor.INSTANCE.limitBodies(settings.maxBody());
        PayaraMicro micro = PayaraMicro.getInstance();
        micro.setRootDir(root.toFile());
        micro.setHttpPort(settings.port());
        micro.setNoHazelcast(true);
        micro.setPreBootHandler(before.handler());
        micro.setPostBootHandler(after.handler());
        try {
            PayaraMicroRuntime runtime = micro.bootStrap();
            before.check();
            after.check();
            return new Server(runtime, after);
        } catch (BootstrapException e) {
            throw new StartException("Payara Micro did not boot: " + Causes.innermost(e), e);
        }
    }

    /**
     * Deploys the WAR at the root, and enables HTTP once it is deployed.
     *
     * @throws StartException with the reason that the WAR or the server gave
     */
    void deploy(File war) throws StartException {
        if (!war.canRead()) {
            throw new StartException("the application " + war + " is missing; build the server again");
        }
        boolean deployed = runtime.deploy(APPLICATION, "/", war);
        StartFailure.check();
        if (!deployed || !runtime.getDeployedApplicationNames().contains(APPLICATION)) {
            String reason = LineHandler.firstSevere();
            throw new StartException(
                    "the application was not deployed: " + (reason == null ? "see the log above" : reason));
        }
        commands.runNow(HTTP + true);
    }

    /**
     * Stops the server, HTTP first: a server without its application would answer 404, and a client would believe it.
     */
    void stop() throws BootstrapException {
        try {
            commands.runNow(HTTP + false);
        } catch (StartException e) {
            Logging.warn("HTTP stays open until the server has stopped", e);
        }
        runtime.shutdown();
    }
}
