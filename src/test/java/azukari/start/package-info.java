/** How the built server starts and stops, seen from the shell: what it prints, what it refuses, its start script. */
package azukari.start;
