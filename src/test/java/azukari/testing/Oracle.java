package azukari.testing;

import azukari.testing.History.Job;
import azukari.testing.History.Notification;
import azukari.testing.History.Run;
import azukari.testing.Violation.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compares what clients were promised, what reached the external system and what the server reports at the end, and returns every
 * contradiction. It never relies on the server's own word alone.
 */
public final class Oracle {
    private static final Set<String> ENDED = Set.of("SUCCEEDED", "FAILED", "CANCELLED", "UNCERTAIN");
    /** Ends that no run decides. */
    private static final Set<String> ENDED_WITHOUT_RUN = Set.of("POISON", "EXPIRED");

    private static final String NOT_BEGUN = "NOT_BEGUN";
    private static final String ALARM = "CREATE_ALARM";

    private final Set<String> chainedCodes;
    private final Set<String> outsideCodes;

    /**
     * An oracle for these event types.
     *
     * @param chainedCodes those whose jobs end in an alarm, however they end
     * @param outsideCodes those whose work is a call of the recorded outside world
     */
    public Oracle(Set<String> chainedCodes, Set<String> outsideCodes) {
        this.chainedCodes = Set.copyOf(chainedCodes);
        this.outsideCodes = Set.copyOf(outsideCodes);
    }

    /** All violations; empty if every promise was kept. */
    public List<Violation> check(History history) {
        return new Check(history).all();
    }

    private final class Check {
        private final History history;
        private final Map<String, Job> jobs;
        private final Map<String, List<Call>> calls;
        private final Map<String, List<Notification>> notifications;
        private final List<Violation> violations = new ArrayList<>();

        Check(History history) {
            this.history = history;
            jobs = history.jobs().stream().collect(Collectors.toMap(Job::id, Function.identity(), (one, same) -> one));
            calls = history.calls().stream().collect(Collectors.groupingBy(Call::job));
            notifications = history.notifications().stream().collect(Collectors.groupingBy(Notification::job));
        }

        List<Violation> all() {
            accepted();
            requests();
            history.jobs().forEach(this::job);
            calls.forEach(this::calls);
            return List.copyOf(violations);
        }

        private void accepted() {
            for (Accepted promise : new HashSet<>(history.accepted())) {
                Job job = jobs.get(promise.job());
                if (job == null) {
                    add(Rule.ACCEPTED_EXISTS, promise.job(), "lost, although answered with 202 for " + promise);
                } else if (!job.requestId().equals(promise.requestId())
                        || !job.code().equals(promise.code())) {
                    add(Rule.ACCEPTED_EXISTS, promise.job(), "accepted as " + promise + " but stored as " + job);
                }
            }
        }

        private void requests() {
            Map<String, Set<String>> byRequest = history.jobs().stream()
                    .filter(job -> !job.requestId().isEmpty())
                    .collect(Collectors.groupingBy(
                            Job::requestId, Collectors.mapping(Job::id, Collectors.toCollection(HashSet::new))));
            for (Accepted promise : history.accepted()) {
                byRequest
                        .computeIfAbsent(promise.requestId(), id -> new HashSet<>())
                        .add(promise.job());
            }
            byRequest.forEach((request, ids) -> {
                if (ids.size() > 1) {
                    add(Rule.ONE_JOB_PER_REQUEST, String.join(", ", ids), "all for requestId " + request);
                }
            });
        }

        private void job(Job job) {
            if (!ENDED.contains(job.state())) {
                add(Rule.ENDED, job.id(), job.code() + " is still " + job.state());
                return;
            }
            outcome(job);
            if (chainedCodes.contains(job.code())) {
                alarm(job);
                notification(job);
            }
            if (outsideCodes.contains(job.code()) && job.state().equals("SUCCEEDED")) {
                effect(job);
            }
        }

        private void outcome(Job job) {
            List<Run> runs = history.runs().getOrDefault(job.id(), List.of()).stream()
                    .sorted(Comparator.comparingLong(Run::number))
                    .toList();
            if (runs.stream().map(Run::number).distinct().count() < runs.size()) {
                add(Rule.LEDGER, job.id(), "a run number stands twice in " + runs);
            }
            List<Run> terminal =
                    runs.stream().filter(run -> ENDED.contains(run.outcome())).toList();
            if (terminal.isEmpty()) {
                if (!ENDED_WITHOUT_RUN.contains(job.errorKind()) && !job.state().equals("CANCELLED")) {
                    add(Rule.ONE_OUTCOME, job.id(), job.state() + " without a run that says so: " + runs);
                }
                return;
            }
            if (terminal.size() > 1) {
                add(Rule.ONE_OUTCOME, job.id(), "ended more than once: " + terminal);
            }
            Run last = runs.get(runs.size() - 1);
            if (!last.outcome().equals(job.state())) {
                add(Rule.ONE_OUTCOME, job.id(), job.state() + " but its last run is " + last);
            }
        }

        private void alarm(Job job) {
            List<Job> alarms = history.emitted().getOrDefault(job.id(), List.of()).stream()
                    .filter(emitted -> emitted.code().equals(ALARM))
                    .toList();
            if (alarms.size() != 1) {
                add(Rule.ONE_ALARM, job.id(), job.code() + " emitted " + alarms.size() + " alarms: " + alarms);
            }
            for (Job alarm : alarms) {
                if (!jobs.containsKey(alarm.id())) {
                    add(Rule.ONE_ALARM, job.id(), "its alarm " + alarm.id() + " does not exist");
                }
            }
            long stored = history.jobs().stream()
                    .filter(other ->
                            other.code().equals(ALARM) && other.parent().equals(job.id()))
                    .count();
            if (stored != alarms.size()) {
                add(Rule.ONE_ALARM, job.id(), "its chain shows " + alarms.size() + " alarms, the jobs hold " + stored);
            }
        }

        private void notification(Job job) {
            List<Notification> told = notifications.getOrDefault(job.id(), List.of());
            if (told.size() != 1) {
                add(Rule.ONE_NOTIFICATION, job.id(), job.code() + " was told " + told.size() + " times: " + told);
            }
            for (Notification each : told) {
                if (!each.outcome().equals(job.state())) {
                    add(Rule.ONE_NOTIFICATION, job.id(), "is " + job.state() + " but was told as " + each);
                }
            }
        }

        private void effect(Job job) {
            if (calls.getOrDefault(job.id(), List.of()).stream().noneMatch(Call::succeeded)) {
                add(Rule.EFFECT_BEFORE_SUCCESS, job.id(), "succeeded without a successful call outside");
            }
        }

        private void calls(String job, List<Call> ofJob) {
            if (!jobs.containsKey(job)) {
                add(Rule.KNOWN_CALLER, job, "called the outside " + ofJob.size() + " times but does not exist");
            }
            Map<Long, String> ledger = history.runs().getOrDefault(job, List.of()).stream()
                    .collect(Collectors.toMap(Run::number, Run::outcome, (one, same) -> one));
            List<Call> ordered =
                    ofJob.stream().sorted(Comparator.comparingLong(Call::begin)).toList();
            for (int i = 0; i < ordered.size(); i++) {
                Call call = ordered.get(i);
                if (jobs.containsKey(job) && !ledger.containsKey(call.run())) {
                    add(Rule.LEDGER, job, "the ledger has no run " + call.run() + ", which called the outside");
                }
                if (NOT_BEGUN.equals(ledger.get(call.run()))) {
                    add(Rule.NOT_BEGUN, job, "run " + call.run() + " called the outside but is said not to have begun");
                }
                for (Call earlier : ordered.subList(0, i)) {
                    compare(job, earlier, call);
                }
            }
        }

        private void compare(String job, Call earlier, Call call) {
            if (call.run() <= earlier.run()) {
                add(
                        Rule.RISING_RUNS,
                        job,
                        "run " + call.run() + " of process " + call.epoch() + " began after run " + earlier.run()
                                + " of process " + earlier.epoch());
            }
            if (earlier.epoch() == call.epoch() && earlier.overlaps(call)) {
                add(
                        Rule.NO_OVERLAP,
                        job,
                        "run " + call.run() + " began while run " + earlier.run() + " went on, both from process "
                                + call.epoch());
            }
        }

        private void add(Rule rule, String job, String detail) {
            violations.add(new Violation(rule, job, detail));
        }
    }
}
