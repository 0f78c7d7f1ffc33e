package azukari.outbox;

import azukari.platform.Service;

/**
 * The round of requeueing in which this node last verified that its broker is the one that it knows. What was sent is
 * deleted from the outbox only while no later round has begun: the message may have gone to a broker that has been
 * given up.
 */
@Service
public class Round {
    private volatile long seen = -1;

    /** Records that the broker responded, and was the right one, in this round. */
    public void seen(long round) {
        seen = round;
    }

    long now() {
        return seen;
    }
}
