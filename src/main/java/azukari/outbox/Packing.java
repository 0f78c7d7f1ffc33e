package azukari.outbox;

import azukari.broker.Queues;
import azukari.broker.Queues.State;
import azukari.platform.BrokerUnavailableException;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Decides which jobs share a message. For short jobs, the way through the broker costs more than the handler; a stream
 * or a backlog of them travels in packs (ADR 0025). A single job has a message of its own.
 *
 * <p>A pack holds jobs of one lane and one priority. It is no larger than the lane's free sessions can share fairly,
 * unless all of it is expected to take less time than handing work over to another session would. Limited jobs share a
 * message if their calls will begin within a moment; they share none with others, which need not wait for a slot.
 */
@Service
public class Packing {
    static final int MOST_JOBS = 64;
    static final int MOST_CHARACTERS = 64 * 1024;
    /** How long a pack may be expected to take, in nanoseconds: half of the time after which it is broken up. */
    private static final double LONGEST = Duration.ofMillis(10).toNanos();
    /** The approximate cost of handing a message over to another session, in nanoseconds. */
    private static final double HAND_OVER = Duration.ofNanos(500_000).toNanos();

    private final RunTimes times;
    private final ToLongFunction<String> freeSessions;

    @Inject
    public Packing(RunTimes times, Queues queues) {
        this(times, lane -> free(queues, lane));
    }

    /** @param freeSessions how many sessions of a lane are idle, over all nodes; 0 if the lane has a backlog */
    Packing(RunTimes times, ToLongFunction<String> freeSessions) {
        this.times = times;
        this.freeSessions = freeSessions;
    }

    private static long free(Queues queues, String lane) {
        try {
            State state = queues.state(lane);
            return Math.max(0, state.consumers() - state.messages());
        } catch (BrokerUnavailableException e) {
            return Long.MAX_VALUE; // Unknown: then each job has its own message.
        }
    }

    private record Kind(String lane, int priority, boolean limited) {}

    /** Divides jobs among messages, keeping their order within a lane and priority. */
    List<List<Envelope>> pack(List<Envelope> jobs) {
        if (jobs.size() == 1) {
            return List.of(jobs);
        }
        List<List<Envelope>> messages = new ArrayList<>();
        Map<Kind, List<Envelope>> packable = new LinkedHashMap<>();
        for (Envelope job : jobs) {
            if (travelsAlone(job)) {
                messages.add(List.of(job));
            } else {
                Kind kind =
                        new Kind(job.lane(), job.event().priority(), job.event().limited());
                packable.computeIfAbsent(kind, any -> new ArrayList<>()).add(job);
            }
        }
        packable.forEach((kind, group) -> {
            if (kind.limited()) {
                group.sort(Comparator.comparing(Envelope::callAt));
            }
            divide(group, messages);
        });
        return messages;
    }

    private boolean travelsAlone(Envelope job) {
        return (job.event().limited() && job.callAt() == null)
                || job.ticket().suspect()
                || job.ticket().doubtful()
                || job.ticket().cancelling()
                || times.expected(job.code()) > LONGEST / 2;
    }

    private void divide(List<Envelope> group, List<List<Envelope>> messages) {
        double whole =
                group.stream().mapToDouble(job -> times.expected(job.code())).sum();
        long fair = whole <= HAND_OVER ? MOST_JOBS : fairShare(group);
        List<Envelope> pack = new ArrayList<>();
        double expected = 0;
        long characters = 0;
        for (Envelope job : group) {
            double nanos = times.expected(job.code());
            boolean full = pack.size() >= MOST_JOBS
                    || characters + job.size() > MOST_CHARACTERS
                    || expected + nanos > LONGEST
                    || (!pack.isEmpty() && apart(pack.get(0), job) > LONGEST)
                    || (pack.size() >= fair && expected + nanos > HAND_OVER);
            if (full && !pack.isEmpty()) {
                messages.add(pack);
                pack = new ArrayList<>();
                expected = 0;
                characters = 0;
            }
            pack.add(job);
            expected += nanos;
            characters += job.size();
        }
        messages.add(pack);
    }

    /** How much later a job's call will begin, in nanoseconds; 0 for jobs that nothing limits. */
    private static long apart(Envelope first, Envelope job) {
        return job.event().limited()
                ? Duration.between(first.callAt(), job.callAt()).toNanos()
                : 0;
    }

    private long fairShare(List<Envelope> group) {
        long free = freeSessions.applyAsLong(group.get(0).lane());
        return free == 0 ? MOST_JOBS : (group.size() - 1) / free + 1;
    }
}
