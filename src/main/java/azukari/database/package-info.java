/**
 * The database: the schema, transactions and what their failures mean, and the gate through which units of work that
 * are requested at the same instant share one transaction.
 *
 * <p>Belongs here: what touches the database and knows nothing about jobs. Does not belong here: the statements for any
 * table; they are in the package that owns the table.
 */
package azukari.database;
