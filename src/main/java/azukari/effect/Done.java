package azukari.effect;

/**
 * What a step returns.
 *
 * @param value its outcome, for the caller
 * @param effects what is to be done once it is committed
 */
public record Done<T>(T value, Effects effects) {

    /** An outcome without effects. */
    public static <T> Done<T> of(T value) {
        return new Done<>(value, Effects.none());
    }
}
