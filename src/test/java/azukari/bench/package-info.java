/**
 * The benchmark: {@code mvn -Pbench verify}. It drives the built server as its own process and prints one JSON line a measure.
 *
 * <p>Belongs here: the load generator, what is read of processes, database and broker, and the order of the measures. What is
 * added to the server for it stands in {@code azukari.bench.server}. The method is told in {@code docs/performance.md}.
 */
package azukari.bench;
