/**
 * Support for tests: real processes (the server, a broker, PostgreSQL), an external system that records the calls that reach it,
 * clients that record what they were promised, the oracle that compares the three, and assertions on jobs.
 *
 * <p>Support for integration tests knows the product only through its contract. Support for a single feature belongs next to that
 * feature.
 */
package azukari.testing;
