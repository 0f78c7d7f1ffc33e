package azukari.limit;

import java.util.UUID;

/**
 * A job's relation to a capacity that it needs.
 *
 * @param kept whether it is held until the job has ended: a lock
 */
public record Permit(UUID job, UUID capacity, Phase phase, boolean kept) {

    /** How far a job has come with a capacity. */
    public enum Phase {
        /** Not its turn: the job waits for something else first. */
        IDLE(0),
        /** The job waits here. */
        WAITING(1),
        /** The job has it. */
        HELD(2);

        private final int number;

        Phase(int number) {
            this.number = number;
        }

        /** As in the table. */
        int number() {
            return number;
        }

        static Phase of(int number) {
            return switch (number) {
                case 0 -> IDLE;
                case 1 -> WAITING;
                case 2 -> HELD;
                default -> throw new IllegalArgumentException("no phase has the number " + number);
            };
        }
    }
}
