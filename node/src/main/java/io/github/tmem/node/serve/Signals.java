package io.github.tmem.node.serve;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * The signals that ask a process to end. The JVM's own answer to them is to run shutdown hooks and to ignore every further
 * signal, so that somebody who has lost patience could only kill it. {@code sun.misc.Signal} is the JDK's only other way; it is
 * reached by name because compilers warn of it without a way to say that it is meant.
 */
public final class Signals {
    private static final List<String> ENDING = List.of("TERM", "INT", "HUP");

    private Signals() {}

    /** Calls {@code each} on every signal that asks the process to end, on a thread of its own. */
    public static void onEnd(Runnable each) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object heard = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            each.run();
                        }
                        return null;
                    });
            for (String name : ENDING) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), heard);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no signals", e);
        }
    }
}
