package azukari.outbox;

import azukari.platform.Service;

/**
 * The round of requeueing in which this node last found its broker to be the one that it knows. What was sent is struck off
 * the outbox only while no later round has begun: the message may have gone to a broker that is given up.
 */
@Service
public class Round {
    private volatile long seen = -1;

    /** Notes that the broker answered, and was the right one, in this round. */
    public void seen(long round) {
        seen = round;
    }

    long now() {
        return seen;
    }
}
