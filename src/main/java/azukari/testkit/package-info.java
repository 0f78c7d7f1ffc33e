/**
 * The test kit for handler authors: runs one event through a handler as the server would, but without a server, and reports
 * what would happen to the job. It is part of the attached jar of classes, not of the WAR.
 *
 * <p>Belongs here: the input and the report of a handler test. Does not belong here: rules about how runs end ({@code
 * dispatch}), and assertions, which each team takes from a library of its choice.
 */
package azukari.testkit;
