package azukari.limit;

import azukari.database.Tx;
import azukari.limit.PermitTable.Head;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The order in which jobs get a capacity: by priority, then one of each submitter in turn, then by age. What one submitter asks
 * for, however much it is, makes another wait for one job a turn.
 */
final class Turns {
    private static final String BEFORE_ALL = "";

    private final Tx tx;
    private final Capacity capacity;

    Turns(Tx tx, Capacity capacity) {
        this.tx = tx;
        this.capacity = capacity;
    }

    /** Up to {@code count} jobs of the highest priority that there is. */
    List<Head> next(int count) {
        Optional<Integer> rank = PermitTable.firstRank(tx, capacity.id());
        if (rank.isEmpty() || count == 0) {
            return List.of();
        }
        List<Head> first = after(rank.get(), BEFORE_ALL, count);
        return isOfOne(first, rank.get()) ? first : inTurn(rank.get(), count);
    }

    private boolean isOfOne(List<Head> heads, int rank) {
        return !heads.isEmpty()
                && PermitTable.lastSubmitter(tx, capacity.id(), rank)
                        .equals(heads.get(0).submitter());
    }

    private List<Head> inTurn(int rank, int count) {
        List<Head> turns = new ArrayList<>(count);
        Map<String, Head> last = new HashMap<>();
        String submitter = capacity.turn() == null ? BEFORE_ALL : capacity.turn();
        int without = 0;
        while (turns.size() < count) {
            Optional<Head> next = first(rank, submitter);
            if (next.isEmpty()) {
                if (submitter.equals(BEFORE_ALL)) {
                    break;
                }
                submitter = BEFORE_ALL; // Around.
                continue;
            }
            submitter = next.get().submitter();
            Head before = last.get(submitter);
            Optional<Head> job = before == null ? next : PermitTable.next(tx, capacity.id(), rank, before);
            if (job.isPresent()) {
                turns.add(job.get());
                last.put(submitter, job.get());
                without = 0;
            } else if (++without > last.size()) {
                break; // Everybody has had all turns.
            }
        }
        return turns;
    }

    private Optional<Head> first(int rank, String submitter) {
        return after(rank, submitter, 1).stream().findFirst();
    }

    private List<Head> after(int rank, String submitter, int count) {
        return PermitTable.after(tx, capacity.id(), rank, submitter, count);
    }
}
