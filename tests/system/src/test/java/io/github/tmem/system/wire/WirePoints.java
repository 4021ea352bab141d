package io.github.tmem.system.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.process.WireProxy;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads on the wire which page, in which version, each copy is of, and names the points of requests so: {@code "SET 0:1"} is
 * that which stores version 1 of the page with index 0 of {@link WireScene#FILE}. Requests about other objects have no
 * points. Thread-safe.
 */
final class WirePoints implements WireProxy.Points {
    /** Bytes before the page in what is stored of a copy. */
    private static final int HEADER = 32;

    private final Map<String, String> copies = new LinkedHashMap<>();

    @Override
    public synchronized List<String> of(List<byte[]> words) {
        String command = text(words.getFirst());
        if (command.equals("SET") && words.size() > 2) {
            learn(text(words.get(1)), words.get(2));
        }
        return words.stream()
                .skip(1)
                .map(word -> copies.get(text(word)))
                .filter(copy -> copy != null)
                .map(copy -> command + " " + copy)
                .toList();
    }

    private void learn(String key, byte[] value) {
        byte[] bytes = value.length > HEADER ? Arrays.copyOfRange(value, HEADER, value.length) : value;
        PageKey page = Pages.key(bytes);
        if (page != null && page.object().equals(WirePages.FILE)) {
            copies.put(key, page.index() + ":" + Pages.version(page, bytes));
        }
    }

    private static String text(byte[] word) {
        return new String(word, ISO_8859_1);
    }

    /** The copies of {@link WireScene#FILE} that were ever sent and of whose keys this is true, as {@code "0:1"}. */
    List<String> copies(Predicate<String> key) {
        return sent().entrySet().stream()
                .filter(copy -> key.test(copy.getKey()))
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
    }

    private synchronized Map<String, String> sent() {
        return new LinkedHashMap<>(copies);
    }

    /** The key of the copy that was last sent of a page in a version; null if none was. */
    @Nullable
    String key(String copy) {
        return sent().entrySet().stream()
                .filter(entry -> entry.getValue().equals(copy))
                .map(Map.Entry::getKey)
                .reduce((first, second) -> second)
                .orElse(null);
    }
}
