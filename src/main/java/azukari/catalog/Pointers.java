package azukari.catalog;

/** JSON Pointers (RFC 6901) as strings. */
final class Pointers {
    private Pointers() {}

    static String member(String pointer, String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    static String element(String pointer, int index) {
        return pointer + "/" + index;
    }
}
