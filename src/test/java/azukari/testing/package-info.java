/**
 * What the integration tests stand on: real processes (the server, a broker, PostgreSQL), an outside world that records what reached it,
 * clients that record what they were promised, and the oracle that compares the three.
 *
 * <p>No class of the product is used here: the product is met through its contract only. What tests one feature belongs beside that feature.
 */
package azukari.testing;
