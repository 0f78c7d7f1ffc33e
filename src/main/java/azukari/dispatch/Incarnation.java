package azukari.dispatch;

import java.util.UUID;

/**
 * One life of a node: from its start, or from the moment it was declared dead, until the next of these.
 *
 * @param id the owner in the rows of the jobs that it runs
 * @param node the node's stable name
 */
public record Incarnation(UUID id, String node) {}
