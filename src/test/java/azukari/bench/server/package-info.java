/**
 * What the benchmark adds to a copy of the WAR: the yardsticks, and what takes the time between a commit and its handler.
 * No part of the product.
 */
package azukari.bench.server;
