/**
 * The test kit for handlers' authors: runs one event through a handler as the product would, without a server, and tells
 * what would become of the job. It is in the attached jar of classes, and not in the WAR.
 *
 * <p>Belongs here: what a handler's test says and is told. Does not belong here: any rule of what a run's end means, which is
 * {@code dispatch}'s; assertions, which are the affair of each team's own library.
 */
package azukari.testkit;
