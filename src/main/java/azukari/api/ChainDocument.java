package azukari.api;

import azukari.job.Job;
import azukari.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Renders a chain as a tree from its root. What does not fit into it is named where it is missing. */
final class ChainDocument {
    /** With the deepest result in it, half as deep as a document may be nested. */
    private static final int DEEPEST = 200;

    private static final String OMITTED = "omitted";

    private final Map<UUID, List<Job>> byParent;
    private final Set<UUID> paused;

    private ChainDocument(List<Job> jobs, Set<UUID> paused) {
        this.byParent = jobs.stream().filter(job -> job.parent() != null).collect(Collectors.groupingBy(Job::parent));
        this.paused = paused;
    }

    /**
     * The tree; empty if its root is not there.
     *
     * @param jobs in the order of their ids
     * @param most how many of them are shown
     * @param paused those that wait for a paused channel
     */
    static Optional<ObjectNode> of(UUID root, List<Job> jobs, int most, Set<UUID> paused) {
        ChainDocument tree = new ChainDocument(jobs.subList(0, Math.min(most, jobs.size())), paused);
        return jobs.stream().filter(job -> job.id().equals(root)).findFirst().map(first -> {
            ObjectNode document = tree.of(first, DEEPEST);
            if (jobs.size() > most) {
                document.put(OMITTED, "the chain has more than " + most + " jobs: read the jobs with this one as root");
            }
            return document;
        });
    }

    private ObjectNode of(Job job, int levels) {
        ObjectNode node = Json.object();
        node.set("job", JobDocument.of(job, paused));
        ArrayNode emitted = node.putArray("emitted");
        ArrayNode children = node.putArray("children");
        List<Job> jobs = byParent.getOrDefault(job.id(), List.of());
        if (levels > 0) {
            jobs.forEach(next -> (next.child() ? children : emitted).add(of(next, levels - 1)));
        } else if (!jobs.isEmpty()) {
            node.put(OMITTED, "the chain goes on: read the jobs with this one as parent");
        }
        return node;
    }
}
