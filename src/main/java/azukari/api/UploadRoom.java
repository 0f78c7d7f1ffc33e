package azukari.api;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that bodies may take together while they are being received. */
final class UploadRoom {
    private static final int SHARE_OF_HEAP = 8;

    private final AtomicLong free;

    /** @param bytes how much there is */
    UploadRoom(long bytes) {
        free = new AtomicLong(bytes);
    }

    /** An eighth of the heap. */
    static UploadRoom ofHeap() {
        return new UploadRoom(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** Takes this many bytes; false, and nothing taken, if there is not as much left. */
    boolean take(long bytes) {
        if (free.addAndGet(-bytes) >= 0) {
            return true;
        }
        free.addAndGet(bytes);
        return false;
    }

    void giveBack(long bytes) {
        free.addAndGet(bytes);
    }
}
