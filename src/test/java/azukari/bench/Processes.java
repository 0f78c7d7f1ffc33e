package azukari.bench;

import azukari.testing.Postgres;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The processes that share the machine during a measure.
 *
 * @param server its process id
 * @param database PostgreSQL; null when the database is within the server
 * @param broker its process id; 0 when it is within the server
 */
record Processes(long server, Postgres database, long broker) {

    /** Processor time in microseconds. */
    record Cpu(double server, double database, double broker, double load) {
        static final Cpu NONE = new Cpu(0, 0, 0, 0);

        Cpu plus(Cpu more) {
            return new Cpu(server + more.server, database + more.database, broker + more.broker, load + more.load);
        }

        Cpu since(Cpu before) {
            return new Cpu(
                    server - before.server, database - before.database, broker - before.broker, load - before.load);
        }

        /** For one of so many, in whole microseconds; without the processes that there are not. */
        Map<String, Long> each(long count) {
            Map<String, Long> each = new LinkedHashMap<>();
            each.put("server", Math.round(server / count));
            if (database > 0) {
                each.put("database", Math.round(database / count));
            }
            if (broker > 0) {
                each.put("broker", Math.round(broker / count));
            }
            each.put("load", Math.round(load / count));
            return each;
        }
    }

    /** What they have used so far. */
    Cpu cpu() {
        return new Cpu(
                CpuTime.of(server),
                database == null ? 0 : CpuTime.ofFamily(database.pid()),
                broker == 0 ? 0 : CpuTime.of(broker),
                CpuTime.of(ProcessHandle.current().pid()));
    }
}
