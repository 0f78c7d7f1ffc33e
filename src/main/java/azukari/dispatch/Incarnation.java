package azukari.dispatch;

import java.util.UUID;

/**
 * One life of a node, from its start, or from its being taken for dead, to the next.
 *
 * @param id the owner in the rows of the jobs that it runs
 * @param node the node's stable name
 */
public record Incarnation(UUID id, String node) {}
