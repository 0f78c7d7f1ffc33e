package azukari.dispatch;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/** A pool over a real one: its database can go away, lose the answer to a commit, and tell of commits. */
final class FaultySource {
    private final AtomicReference<Runnable> atNextCommit = new AtomicReference<>();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger commits = new AtomicInteger();
    private volatile boolean away;
    private volatile boolean refusing;

    DataSource over(DataSource pool) {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            if (away) {
                throw gone();
            }
            Object result = call(pool, method, arguments);
            return result instanceof Connection connection ? connection(connection) : result;
        });
    }

    private Connection connection(Connection connection) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (!method.getName().equals("commit")) {
                return call(connection, method, arguments);
            }
            if (away || refusing) {
                throw gone();
            }
            Object result = call(connection, method, arguments);
            commits.incrementAndGet();
            Runnable then = atNextCommit.getAndSet(null);
            if (then != null) {
                then.run();
            }
            if (lost.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw gone();
            }
            return result;
        });
    }

    void goAway() {
        away = true;
    }

    /** From now on, no commit happens. */
    void refuseCommits() {
        refusing = true;
    }

    void comeBack() {
        away = false;
        refusing = false;
    }

    /** The next commit happens, and its answer is lost. */
    void loseAnswer() {
        lost.set(1);
    }

    /** Has this done when the next commit has happened, before its answer. */
    void afterCommit(Runnable deed) {
        atNextCommit.set(deed);
    }

    int commits() {
        return commits.get();
    }

    private static SQLException gone() {
        return new SQLException("the database is away, by the test", "08006");
    }

    private static Object call(Object target, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(FaultySource.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
