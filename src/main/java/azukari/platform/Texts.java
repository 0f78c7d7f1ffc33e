package azukari.platform;

/** Texts that are shortened for people. */
public final class Texts {
    private Texts() {}

    /**
     * The text, or its beginning if it is longer than allowed; never half of a character.
     *
     * @param longest in UTF-16 code units, with the ellipsis that takes the place of what is left out
     */
    public static String shortened(String text, int longest) {
        return text.length() <= longest ? text : beginning(text, longest - 1) + "…";
    }

    /** The first code units of a text, or one fewer if the last would be the first half of a surrogate pair. */
    public static String beginning(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        boolean splits = longest > 0 && Character.isHighSurrogate(text.charAt(longest - 1));
        return text.substring(0, splits ? longest - 1 : longest);
    }
}
