package azukari.dispatch;

import azukari.catalog.Catalog;
import azukari.catalog.OnCrash;
import azukari.database.Tx;
import azukari.effect.Effects;
import azukari.intake.Queueing;
import azukari.job.FamilyTable;
import azukari.job.JobEvent;
import azukari.job.JobRequests;
import azukari.job.JobRequests.Renewal;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.JobTable.Payload;
import azukari.job.Standing;
import azukari.job.Transitions;
import azukari.limit.Need;
import azukari.limit.Needs;
import azukari.limit.Permits;
import azukari.limit.Permits.Needy;
import azukari.platform.Json;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * Makes new generations of jobs that ended without success, as the event types' documents are now. A job that has children is
 * not run again itself: those of its children are that did not succeed, and it waits for them (rule 14).
 */
@Service
public class Renewals {
    private static final int MOST_AT_ONCE = 500;

    private final Catalog catalog;
    private final Exits exits;
    private final Families families;

    @Inject
    public Renewals(Catalog catalog, Exits exits, Families families) {
        this.catalog = catalog;
        this.exits = exits;
        this.families = families;
    }

    /**
     * Runs a locked job again.
     *
     * @throws RefusedException if its state does not allow it, or its event type is no longer what it was
     */
    Effects retry(Tx tx, Work job, Instant now) {
        if (FamilyTable.read(tx, job.id()).isPresent()) {
            if (job.event().child() && Transitions.has(job.job().state(), JobEvent.RETRY_CHILDREN)) {
                FamilyTable.takeBack(tx, job.event().parent(), job.id());
            }
            return retryChildren(tx, job, now);
        }
        if (!Transitions.has(job.job().state(), JobEvent.RETRY)) {
            throw new RefusedException("it is " + job.job().state());
        }
        return again(tx, job, isAskedFirst(job), now);
    }

    private static boolean isAskedFirst(Work job) {
        return job.ticket().doubtful() && job.type() != null && job.type().onCrash() == OnCrash.PROBE;
    }

    /**
     * Runs one locked, ended job again.
     *
     * @param doubtful whether its handler is asked first whether its effect happened
     * @throws RefusedException if its event type is no longer what it was
     */
    Effects again(Tx tx, Work job, boolean doubtful, Instant now) {
        requireType(job);
        if (job.event().child()) {
            FamilyTable.takeBack(tx, job.event().parent(), job.id());
        }
        Map<UUID, List<Need>> needs = needs(tx, List.of(job), null);
        if (needs.isEmpty()) {
            throw new RefusedException("its body does not match the event type as it is now");
        }
        return again(tx, List.of(job), needs, doubtful, now);
    }

    /** @throws RefusedException if its event type is not in the catalogue */
    static void requireType(Work job) {
        if (job.type() == null) {
            throw new RefusedException("event type " + job.code() + " is not in the catalogue");
        }
    }

    private Effects retryChildren(Tx tx, Work parent, Instant now) {
        if (!Transitions.has(parent.job().state(), JobEvent.RETRY_CHILDREN)) {
            throw new RefusedException("it is " + parent.job().state());
        }
        requireType(parent);
        List<UUID> failed = FamilyTable.lockFailed(tx, parent.id());
        FamilyTable.forgetEnds(tx, parent.id());
        UUID batch = failed.size() > Needs.MOST_CHILDREN_AT_ONCE ? parent.id() : null;
        Effects effects = Effects.none();
        for (int from = 0; from < failed.size(); from += MOST_AT_ONCE) {
            List<UUID> some = failed.subList(from, Math.min(failed.size(), from + MOST_AT_ONCE));
            effects = effects.and(retryAll(tx, some, batch, now)).and(Effects.changed(some));
        }
        FamilyTable.waitAgain(tx, parent.job(), now.plus(parent.type().expireAfter()));
        return effects.and(families.join(tx, List.of(parent.id()), now));
    }

    /** Leaves alone what can't be run again without a person's look at it: it stays as it ended. */
    private Effects retryAll(Tx tx, List<UUID> jobs, UUID batch, Instant now) {
        Effects effects = Effects.none();
        List<Work> simple = new ArrayList<>();
        Set<UUID> parents = FamilyTable.parents(tx, jobs);
        for (Standing job : Standing.read(tx, jobs)) {
            Work work = exits.work(job);
            if (work.type() == null
                    || (job.state() == JobState.UNCERTAIN && work.type().onCrash() == OnCrash.ASK)) {
                continue;
            }
            if (parents.contains(job.job())) {
                effects = effects.and(retryChildren(tx, work, now));
            } else {
                simple.add(work);
            }
        }
        Map<UUID, List<Need>> needs = needs(tx, simple, batch);
        for (boolean doubtful : new boolean[] {false, true}) {
            List<Work> some = simple.stream()
                    .filter(job -> needs.containsKey(job.id()) && isAskedFirst(job) == doubtful)
                    .toList();
            effects = effects.and(again(tx, some, needs, doubtful, now));
        }
        return effects;
    }

    private Effects again(Tx tx, List<Work> jobs, Map<UUID, List<Need>> needs, boolean doubtful, Instant now) {
        if (jobs.isEmpty()) {
            return Effects.none();
        }
        Set<UUID> released = Permits.release(tx, jobs.stream().map(Work::id).toList());
        Permits.add(
                tx,
                jobs.stream()
                        .filter(job -> !needs.get(job.id()).isEmpty())
                        .map(job -> new Needy(
                                job.id(),
                                needs.get(job.id()),
                                job.event().priority(),
                                job.event().submitter(),
                                false))
                        .toList(),
                now);
        List<Renewal> renewals = jobs.stream()
                .map(job -> new Renewal(
                        job.job(),
                        doubtful,
                        !needs.get(job.id()).isEmpty(),
                        now.plus(job.type().expireAfter())))
                .toList();
        List<Standing> renewed = JobRequests.renew(tx, renewals, now);
        return Queueing.queue(tx, renewed, now).effects().and(Effects.ofCapacities(released));
    }

    /**
     * What jobs need by their event types' documents as they are now; without those whose bodies no longer match.
     *
     * @param batch the parent if its children are too many to be on the wire together; otherwise null
     */
    private Map<UUID, List<Need>> needs(Tx tx, List<Work> jobs, UUID batch) {
        List<UUID> limited =
                jobs.stream().filter(job -> job.type().limited()).map(Work::id).toList();
        Map<UUID, Payload> payloads = JobTable.payloads(tx, limited, Long.MAX_VALUE);
        Map<UUID, List<Need>> needs = new HashMap<>();
        for (Work job : jobs) {
            if (!job.type().limited()) {
                needs.put(job.id(), Needs.withBatch(List.of(), batch));
                continue;
            }
            JsonNode body = Json.read(payloads.get(job.id()).body());
            if (catalog.validate(job.type(), body).isEmpty()) {
                needs.put(job.id(), Needs.withBatch(Needs.of(job.type(), body), batch));
            }
        }
        return needs;
    }
}
