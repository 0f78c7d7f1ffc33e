package azukari.sse;

import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open streams of this node. One thread sends beats to all of them and closes those whose clients accept nothing.
 */
@Service
public class OpenStreams {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration BEAT = Duration.ofSeconds(15);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(45);

    private final Loop loop;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();

    @Inject
    public OpenStreams(Threads threads) {
        this.loop = threads.loop("streams", TICK, this::tick);
    }

    /** Opens a stream to the client that sent this request. */
    public EventStream open(HttpServletRequest request, HttpServletResponse response, EventStream.Source source)
            throws IOException {
        EventStream stream = EventStream.open(request, response, source);
        open.add(stream);
        return stream;
    }

    /** The number of streams, some of which may just have been closed. */
    public int count() {
        return open.size();
    }

    private void tick() {
        long now = System.nanoTime();
        open.removeIf(stream -> !stream.isOpen());
        for (EventStream stream : open) {
            Duration silence = stream.silence(now);
            if (silence.compareTo(LONGEST_SILENCE) > 0) {
                stream.close();
            } else if (silence.compareTo(BEAT) > 0) {
                stream.beat();
            }
        }
    }

    @PreDestroy
    void stop() {
        loop.close();
        open.forEach(EventStream::close);
    }
}
