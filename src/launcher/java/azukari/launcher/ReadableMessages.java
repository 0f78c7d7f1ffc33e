package azukari.launcher;

import azukari.platform.Lane;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.message.LargeBodyReader;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.ServerConsumer;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;

/**
 * Keeps what no JMS client can read out of the lanes: a client of the broker's own protocol may call anything a text, and the
 * resource adapter would fail on it, and the broker deliver it again, for ever. It becomes a message of the same bytes, which
 * a lane puts aside as any other that is no job. So does a large message that lost its end on a full disk.
 */
final class ReadableMessages implements ActiveMQServerMessagePlugin {
    /** Whether there is a text, as one byte, and its length in bytes, as four: SimpleString's form, two bytes a character. */
    private static final int TEXT_HEAD = 5;

    private static final Set<String> LANES = Arrays.stream(Lane.values())
            .flatMap(lane -> Stream.of(lane.queue(), lane.deadQueue()))
            .collect(Collectors.toUnmodifiableSet());

    @Override
    public void beforeSend(
            ServerSession session, Transaction transaction, Message message, boolean direct, boolean noQueues)
            throws ActiveMQException {
        if (message instanceof ICoreMessage sent
                && sent.getAddress() != null
                && LANES.contains(sent.getAddress())
                && !isReadable(sent)) {
            sent.setType(Message.BYTES_TYPE);
            sent.messageChanged();
        }
    }

    /** A large message is read from its file, which may have become shorter since. */
    @Override
    public void beforeDeliver(ServerConsumer consumer, MessageReference reference) throws ActiveMQException {
        if (reference.getMessage() instanceof ICoreMessage kept
                && kept.isLargeMessage()
                && LANES.contains(kept.getAddress())
                && !isReadable(kept)) {
            kept.setType(Message.BYTES_TYPE);
        }
    }

    private static boolean isReadable(ICoreMessage message) throws ActiveMQException {
        return message.getType() == Message.BYTES_TYPE || (message.getType() == Message.TEXT_TYPE && isText(message));
    }

    private static boolean isText(ICoreMessage message) throws ActiveMQException {
        ByteBuffer head = ByteBuffer.allocate(TEXT_HEAD);
        long length = message.isLargeMessage() ? readLarge(message, head) : read(message, head);
        if (head.hasRemaining() && head.get() == 0) {
            return true;
        }
        if (head.remaining() < Integer.BYTES) {
            return false;
        }
        int text = head.getInt();
        return text >= 0 && text % Character.BYTES == 0 && text <= length - TEXT_HEAD;
    }

    private static long read(ICoreMessage message, ByteBuffer head) {
        ActiveMQBuffer body = message.getReadOnlyBodyBuffer();
        int length = body.readableBytes();
        head.limit(Math.min(TEXT_HEAD, length));
        body.readBytes(head);
        head.flip();
        return length;
    }

    private static long readLarge(ICoreMessage message, ByteBuffer head) throws ActiveMQException {
        try (LargeBodyReader body = message.getLargeBodyReader()) {
            body.open();
            int count = Math.max(0, body.readInto(head)); // Negative at the end of the body.
            head.position(0).limit(count);
            return body.getSize();
        }
    }
}
