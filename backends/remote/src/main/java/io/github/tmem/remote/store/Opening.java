package io.github.tmem.remote.store;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.WriteMode;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Sharing;
import io.github.tmem.api.config.Size;
import io.lettuce.core.protocol.CommandArgs;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What a node says of a pool that it has opened.
 *
 * @param number its number in the session
 * @param config its settings, as far as they are known here
 */
record Opening(long number, PoolConfig config) {
    private static final String VALUES = "values";

    /** Asks for a pool of these settings, which is to have this number. */
    static Call<Opening> of(PoolConfig wanted, long number) {
        return new Call<>(Order.OPEN, arguments(wanted, wanted.kind().word(), number), answer -> {
            Opening opening = read(answer, wanted.name(), number);
            PoolConfig got = opening.config;
            if (got.kind() != wanted.kind()
                    || got.getMode() != wanted.getMode()
                    || got.pageSize() != wanted.pageSize()
                    || got.write() != wanted.write()) {
                throw new NoAnswer("the node has opened another pool than was asked for");
            }
            return new Opening(opening.number, wanted);
        });
    }

    /** Asks for a pool of values of these settings, which is to have this number. */
    static Call<Opening> ofValues(PoolConfig wanted, long number) {
        return new Call<>(Order.OPEN, arguments(wanted, VALUES, number), answer -> {
            if (Answers.number(answer, 0) != number || !Answers.text(answer, 1).equals(VALUES)) {
                throw new NoAnswer("the node has opened another pool than was asked for");
            }
            return new Opening(number, wanted);
        });
    }

    private static CommandArgs<byte[], byte[]> arguments(PoolConfig wanted, String kind, long number) {
        CommandArgs<byte[], byte[]> arguments = Call.arguments()
                .add(wanted.name())
                .add("KIND")
                .add(kind)
                .add("GET")
                .add(wanted.getMode().word())
                .add("PAGE")
                .add(wanted.pageSize())
                .add("CHAIN")
                .add(wanted.chain())
                .add("WEIGHT")
                .add(wanted.weight())
                .add("WRITE")
                .add(wanted.write().word())
                .add("INDEXES")
                .add(Long.toUnsignedString(wanted.indexes()));
        Size quota = wanted.quota();
        if (quota != null) {
            arguments.add("QUOTA").add(quota.bytes());
        }
        Sharing sharing = wanted.sharing();
        if (sharing != null) {
            arguments.add("UUID").add(sharing.uuid().toString());
            if (sharing.secret() != null) {
                arguments
                        .add("SHA256")
                        .add(HexFormat.of().formatHex(sharing.secret().sha256()));
            }
        }
        return arguments.add("NUMBER").add(number);
    }

    /** Asks for the pool that the node's configuration declares under this name, which is to have this number. */
    static Call<Opening> declared(String name, long number) {
        CommandArgs<byte[], byte[]> arguments =
                Call.arguments().add(name).add("NUMBER").add(number);
        return new Call<>(Order.OPEN, arguments, answer -> read(answer, name, number));
    }

    private static Opening read(List<Object> answer, String name, long number) {
        if (Answers.number(answer, 0) != number) {
            throw new NoAnswer("the node has opened a pool of another number than was asked for");
        }
        PageKind kind = word(PageKind.values(), Answers.text(answer, 1));
        GetMode mode = word(GetMode.values(), Answers.text(answer, 2));
        long pageSize = Answers.number(answer, 3);
        WriteMode write = word(WriteMode.values(), Answers.text(answer, 4));
        PoolConfig plain = kind == PageKind.EPHEMERAL ? PoolConfig.ephemeral(name) : PoolConfig.persistent(name);
        try {
            return new Opening(
                    number,
                    plain.withGetMode(mode)
                            .withPageSize(Math.clamp(pageSize, 0, Integer.MAX_VALUE))
                            .withWrite(write)
                            .withChain(Answers.text(answer, 5)));
        } catch (ConfigException e) {
            throw new NoAnswer("the node has opened a pool that cannot be: " + e.getMessage());
        }
    }

    private static <E extends Enum<E>> E word(E[] all, String word) {
        return Arrays.stream(all)
                .filter(one -> one.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new NoAnswer("the node has opened a pool that is \"" + word + '"'));
    }
}
