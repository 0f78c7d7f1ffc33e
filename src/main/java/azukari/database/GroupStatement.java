package azukari.database;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A data-changing statement that is written once and run for a group of rows, each with its own outcome. On H2 it is a
 * batch. On PostgreSQL it is one statement over arrays: what a statement costs there apart from its rows (a portal,
 * setting up checks and indexes) is several times the cost of a row.
 *
 * <p>In its text, {@code :name} stands for a row's value. An update has {@code :group} before its {@code WHERE}, which
 * is where PostgreSQL reads the arrays; the table's own columns carry no prefix.
 *
 * @param <T> what one row is made from
 */
public final class GroupStatement<T> {
    private static final Pattern NAME = Pattern.compile("(?<!:):(\\w+)");
    private static final String GROUP = ":group";

    private final String single;
    private final List<Part<T>> singleOrder;
    private final String grouped;
    private final boolean insert;
    private final List<Part<T>> parts;
    private final Comparator<? super T> lockOrder;

    /**
     * @param type the type of the array's elements in PostgreSQL
     * @param value the value, in a form that both drivers accept
     */
    private record Part<T>(String name, String type, Function<T, Object> value) {}

    private GroupStatement(Builder<T> builder) {
        this.parts = List.copyOf(builder.parts);
        this.lockOrder = builder.lockOrder;
        this.insert = !builder.text.contains(GROUP);
        this.singleOrder = new ArrayList<>();
        this.single = single(builder.text);
        this.grouped = grouped(builder.text);
    }

    /**
     * Begins an update.
     *
     * @param text the statement, with {@code :group} before {@code WHERE}
     * @param lockOrder the order in which the rows are locked, so that groups with several rows in common wait for one
     *     another but never in a cycle (rule 15)
     */
    public static <T> Builder<T> update(String text, Comparator<? super T> lockOrder) {
        return new Builder<>(text, lockOrder);
    }

    /**
     * Begins an insert.
     *
     * @param text {@code INSERT INTO … (…) VALUES (…)}, with one value per column, and possibly more text after it; the
     *     first column, which must also be the first that the builder is given, identifies a row
     * @param lockOrder as for an update, by the unique keys on which new rows may collide
     */
    public static <T> Builder<T> insert(String text, Comparator<? super T> lockOrder) {
        return new Builder<>(text, lockOrder);
    }

    /** Runs the statement for all rows; returns for each of them, in order, whether it changed one. */
    public boolean[] run(Tx tx, List<T> rows) {
        if (rows.isEmpty()) {
            return new boolean[0];
        }
        int[] order = IntStream.range(0, rows.size())
                .boxed()
                .sorted((a, b) -> lockOrder.compare(rows.get(a), rows.get(b)))
                .mapToInt(Integer::intValue)
                .toArray();
        List<T> sorted = Arrays.stream(order).mapToObj(rows::get).toList();
        boolean[] changed = tx.dialect() == Dialect.POSTGRESQL ? runGrouped(tx, sorted) : runBatch(tx, sorted);
        boolean[] result = new boolean[order.length];
        for (int i = 0; i < order.length; i++) {
            result[order[i]] = changed[i];
        }
        return result;
    }

    private boolean[] runBatch(Tx tx, List<T> rows) {
        int[] counts = tx.batch(
                single,
                rows.stream()
                        .map(row -> singleOrder.stream()
                                .map(part -> part.value().apply(row))
                                .toArray())
                        .toList());
        boolean[] changed = new boolean[counts.length];
        for (int i = 0; i < counts.length; i++) {
            changed[i] = counts[i] == 1;
        }
        return changed;
    }

    private boolean[] runGrouped(Tx tx, List<T> rows) {
        Object[] arrays = parts.stream().map(part -> array(part, rows)).toArray();
        boolean[] changed = new boolean[rows.size()];
        if (insert) {
            Map<String, Integer> places = new HashMap<>();
            for (int i = 0; i < changed.length; i++) {
                places.putIfAbsent(parts.get(0).value().apply(rows.get(i)).toString(), i);
            }
            tx.query(grouped, row -> row.getString(1), arrays).forEach(key -> changed[places.get(key)] = true);
        } else {
            tx.query(grouped, row -> row.getInt(1), arrays).forEach(place -> changed[place - 1] = true);
        }
        return changed;
    }

    private static <T> Tx.Array array(Part<T> part, List<T> rows) {
        Object[] values = new Object[rows.size()];
        for (int i = 0; i < values.length; i++) {
            Object value = part.value().apply(rows.get(i));
            if (value instanceof Enum<?> constant) {
                value = constant.name();
            }
            values[i] = value instanceof Instant ? value.toString() : value;
        }
        return new Tx.Array(part.type(), Arrays.asList(values));
    }

    private String single(String text) {
        return NAME.matcher(text.replace(GROUP, "")).replaceAll(name -> {
            singleOrder.add(part(name.group(1)));
            return "?";
        });
    }

    private String grouped(String text) {
        String from = "FROM unnest("
                + parts.stream().map(part -> "?::" + part.type() + "[]").collect(Collectors.joining(", "))
                + ") WITH ORDINALITY AS g("
                + parts.stream().map(part -> "v_" + part.name()).collect(Collectors.joining(", "))
                + ", place)";
        if (!insert) {
            int group = text.indexOf(GROUP);
            return named(text.substring(0, group)) + from + compared(text.substring(group + GROUP.length()))
                    + " RETURNING g.place";
        }
        // An insert's RETURNING sees only the new row, so what identifies it is returned: the first column.
        Matcher values = Pattern.compile("(?s)(.*)\\bVALUES\\s*\\((.*?)\\)(.*)").matcher(text);
        if (!values.matches()) {
            throw new IllegalArgumentException("no VALUES in: " + text);
        }
        String key = text.substring(text.indexOf('(') + 1, text.indexOf(',')).strip();
        return values.group(1) + "SELECT " + named(values.group(2)) + " " + from + " ORDER BY g.place" + values.group(3)
                + " RETURNING " + key;
    }

    /**
     * Rewrites the conditions so that they can be looked up in an index but not merged along it: while a table is tiny,
     * PostgreSQL would read a whole index and look up each row in the group, and would keep doing so after the table
     * has grown.
     */
    private static String compared(String conditions) {
        return named(conditions).replaceAll("= (g\\.v_\\w+)", "= ANY(ARRAY[$1])");
    }

    private static String named(String text) {
        return NAME.matcher(text).replaceAll("g.v_$1");
    }

    private Part<T> part(String name) {
        return parts.stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(":" + name + " is not defined"));
    }

    /** Defines each {@code :name} of the statement; values may be null. */
    public static final class Builder<T> {
        private final String text;
        private final Comparator<? super T> lockOrder;
        private final List<Part<T>> parts = new ArrayList<>();

        private Builder(String text, Comparator<? super T> lockOrder) {
            this.text = text.strip();
            this.lockOrder = lockOrder;
        }

        public Builder<T> id(String name, Function<T, UUID> value) {
            return add(name, "uuid", value);
        }

        /** A text, or an enum by its name. */
        public Builder<T> text(String name, Function<T, ?> value) {
            return add(name, "text", value);
        }

        public Builder<T> number(String name, Function<T, ? extends Number> value) {
            return add(name, "int8", value);
        }

        public Builder<T> flag(String name, Function<T, Boolean> value) {
            return add(name, "bool", value);
        }

        public Builder<T> time(String name, Function<T, Instant> value) {
            return add(name, "timestamptz", value);
        }

        private Builder<T> add(String name, String type, Function<T, ?> value) {
            parts.add(new Part<>(name, type, value::apply));
            return this;
        }

        public GroupStatement<T> build() {
            return new GroupStatement<>(this);
        }
    }
}
