package io.github.tmem.kit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * A machine of its own as far as the network goes: a network namespace of Linux, joined to this one by a cable that can be
 * pulled out, or made to lose everything that is sent in one direction. Needs root and the program {@code ip}. It goes when
 * it is closed, with the processes in it; one whose JVM was killed before goes when the next is opened. For one thread.
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final String IP = "ip";
    private static final String FAR_LINK = "eth0";
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Pattern NAME = Pattern.compile("(?m)^tmem-(\\d+)-\\d+\\b");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** An address of the link layer that nobody has. */
    private static final String NOBODY = "02:00:5e:00:00:01";

    private final String name;
    private final String link;
    private final String near;
    private final String far;

    private NetworkNamespace(String subnet) {
        long pid = ProcessHandle.current().pid();
        int number = NUMBERS.incrementAndGet();
        name = "tmem-" + pid + "-" + number;
        link = "tm" + pid + "x" + number;
        near = subnet + "1";
        far = subnet + "2";
    }

    /** Opens one. The test is skipped where that cannot be done. */
    public static NetworkNamespace open() {
        boolean root = "root".equals(System.getProperty("user.name"));
        Assumptions.assumeTrue(root && ServerProcess.isInstalled(IP), "needs root and " + IP);
        removeThoseOfTheDead();
        NetworkNamespace opened = new NetworkNamespace(freeSubnet());
        boolean complete = false;
        try {
            opened.join();
            complete = true;
            return opened;
        } finally {
            if (!complete) {
                opened.close();
            }
        }
    }

    private void join() {
        ip("netns", "add", name);
        ip("link", "add", link, "type", "veth", "peer", "name", FAR_LINK, "netns", name);
        ip("address", "add", near + "/30", "dev", link);
        ip("link", "set", link, "up");
        ip("-n", name, "address", "add", far + "/30", "dev", FAR_LINK);
        ip("-n", name, "link", "set", "lo", "up");
        ip("-n", name, "link", "set", FAR_LINK, "up");
    }

    /** The beginning of four addresses of the range that is never routed, in which nobody has one here. */
    private static String freeSubnet() {
        String taken = ip("-4", "-oneline", "address") + ip("-4", "route");
        while (true) {
            String subnet = "169.254." + ThreadLocalRandom.current().nextInt(1, 160) + ".";
            if (!taken.contains(subnet)) {
                return subnet;
            }
        }
    }

    private static void removeThoseOfTheDead() {
        Matcher names = NAME.matcher(ip("netns", "list"));
        while (names.find()) {
            if (ProcessHandle.of(Long.parseLong(names.group(1))).isEmpty()) {
                remove(names.group());
            }
        }
    }

    /** The cable goes with the namespace, and that with the last process in it. */
    private static void remove(String name) {
        Matcher pids = NUMBER.matcher(ip("netns", "pids", name));
        while (pids.find()) {
            ProcessHandle.of(Long.parseLong(pids.group())).ifPresent(NetworkNamespace::kill);
        }
        ip("netns", "delete", name);
    }

    private static void kill(ProcessHandle process) {
        if (process.destroyForcibly()) {
            process.onExit().join();
        }
    }

    /** Where servers run to be in it. */
    public Place place() {
        return new Place(far, List.of(IP, "netns", "exec", name));
    }

    /** Pulls the cable out: nothing arrives on either side, and nobody is told. */
    public void cut() {
        ip("-n", name, "link", "set", FAR_LINK, "down");
    }

    /** From now on whatever is sent into it is lost on the way. */
    public void loseRequests() {
        ip("neighbour", "replace", far, "lladdr", NOBODY, "dev", link, "nud", "permanent");
    }

    /** From now on whatever is sent out of it is lost on the way. */
    public void loseAnswers() {
        ip("-n", name, "neighbour", "replace", near, "lladdr", NOBODY, "dev", FAR_LINK, "nud", "permanent");
    }

    /** Ends {@link #cut}, {@link #loseRequests} and {@link #loseAnswers}. */
    public void heal() {
        ip("-n", name, "link", "set", FAR_LINK, "up");
        ip("neighbour", "flush", "dev", link, "nud", "all");
        ip("-n", name, "neighbour", "flush", "dev", FAR_LINK, "nud", "all");
    }

    @Override
    public void close() {
        if (NAME.matcher(ip("netns", "list"))
                .results()
                .anyMatch(found -> found.group().equals(name))) {
            remove(name);
        }
    }

    /** What the program prints, which must end well. */
    private static String ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of(IP));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
