package io.github.tmem.node.peer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.node.command.Client;
import io.github.tmem.node.command.Dispatcher;
import io.github.tmem.node.command.NodeState;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.fake.FakeBlobs;
import io.github.tmem.node.fake.FakeStore;
import io.github.tmem.node.fake.Flaw;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.atomic.AtomicLong;

/** A connection without a network: bytes in, bytes out. */
final class Talk implements AutoCloseable {
    final AtomicLong clock = new AtomicLong(1_000_000);
    final FakeBlobs blobs;
    final NodeState node;
    final Client client;

    private final Dispatcher dispatcher;
    private final ByteBufAllocator allocator;
    private final Conversation conversation;
    private final Talk first;
    private boolean ended;

    Talk(NodeConfig config, long room) {
        this(config, room, UnpooledByteBufAllocator.DEFAULT);
    }

    Talk(NodeConfig config, long room, ByteBufAllocator allocator) {
        blobs = new FakeBlobs(room);
        node = new NodeState(
                config,
                new FakeStore(Flaw.NONE),
                FakeStore.lending(PoolConfig.ephemeral("images").withPageSize(512)),
                name -> blobs,
                clock::get);
        dispatcher = new Dispatcher(node);
        this.allocator = allocator;
        first = this;
        client = new Client(1, "here", clock.get(), () -> ended = true);
        conversation = new Conversation(node, dispatcher, Pace.LOCAL, client, allocator);
        node.welcome(client);
    }

    private Talk(Talk first) {
        this.first = first;
        blobs = first.blobs;
        node = first.node;
        dispatcher = first.dispatcher;
        allocator = first.allocator;
        client = new Client(2, "there", clock.get(), () -> ended = true);
        conversation = new Conversation(node, dispatcher, Pace.LOCAL, client, allocator);
        node.welcome(client);
    }

    /** Another connection to the same node. */
    Talk another() {
        return new Talk(first);
    }

    /** The connection was cut by the node. */
    boolean wasCut() {
        return ended;
    }

    /** No further request is heard. */
    boolean isOver() {
        return conversation.isOver();
    }

    /** Sends bytes as they are; returns all answers. */
    String send(String bytes) {
        byte[] raw = bytes.getBytes(ISO_8859_1);
        return send(raw, 0, raw.length);
    }

    String send(byte[] bytes, int from, int to) {
        conversation.hear(allocator.buffer(Math.max(1, to - from)).writeBytes(bytes, from, to - from));
        StringBuilder answers = new StringBuilder();
        Conversation.Pause pause = conversation.answer();
        take(answers);
        while (pause != Conversation.Pause.NOTHING_LEFT) {
            pause = pause == Conversation.Pause.ELSEWHERE ? conversation.answerTaken() : conversation.answer();
            take(answers);
        }
        return answers.toString();
    }

    private void take(StringBuilder answers) {
        ByteBuf taken = conversation.takeAnswers();
        if (taken != null) {
            answers.append(taken.toString(ISO_8859_1));
            taken.release();
        }
    }

    /** Sends a request of these arguments; returns its answer. */
    String ask(String... arguments) {
        return send(request(arguments));
    }

    static String request(String... arguments) {
        StringBuilder text = new StringBuilder("*" + arguments.length + "\r\n");
        for (String argument : arguments) {
            text.append('$')
                    .append(argument.length())
                    .append("\r\n")
                    .append(argument)
                    .append("\r\n");
        }
        return text.toString();
    }

    static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    @Override
    public void close() {
        conversation.close();
        node.farewell(client);
    }
}
