/**
 * How PostgreSQL executes what the product really asks of it, with many jobs in the tables: {@code mvn -Pplans verify}
 * writes {@code docs/query-plans.md}.
 *
 * <p>Belongs here: filling the database, reading its log of plans, judging the plans. Nothing here knows a statement;
 * they come from the running server.
 */
package azukari.plans;
