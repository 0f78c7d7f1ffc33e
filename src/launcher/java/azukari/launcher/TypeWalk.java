package azukari.launcher;

import java.lang.reflect.Field;

/**
 * What Payara reads besides the WAR when it looks for annotated types: each type that a type of the WAR mentions, what that one
 * mentions, and so on, a tenth of a start's time. Only types of Jakarta matter: they say what a subtype in the WAR is. (A Payara
 * server of several bundles reads no others, either.)
 */
final class TypeWalk {
    private static final String LOCATOR = "com.sun.enterprise.v3.server.ClassloaderResourceLocatorAdapter";
    private static final String LEFT_OUT = "BLACKLIST";
    private static final String[] ALL_BUT_JAKARTA = {
        "com/", "io/", "java/", "javax/", "jdk/", "net/", "org/", "sun/", "tools/"
    };

    private TypeWalk() {}

    /** Has an effect on what is deployed from now on. Without it, a start only takes longer. */
    static void shorten() {
        try {
            Field leftOut = Class.forName(LOCATOR).getDeclaredField(LEFT_OUT);
            leftOut.setAccessible(true);
            leftOut.set(null, ALL_BUT_JAKARTA.clone());
        } catch (ReflectiveOperationException e) {
            Logging.warn("This version of Payara cannot be told which types to leave out: the start takes longer", e);
        }
    }
}
