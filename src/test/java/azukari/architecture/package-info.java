/** The house rules: which package may use which, and where the clock, JMS and SQL may stand. */
package azukari.architecture;
