package io.github.tmem.node.command;

import io.github.tmem.api.BlobPool;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import java.util.EnumSet;
import java.util.Set;

/**
 * One command. Immutable.
 *
 * @param name its name in capitals
 * @param countMin the fewest arguments, its name included
 * @param countMax the most
 * @param keys which arguments are keys
 * @param values which arguments are values or pages, and may be long
 * @param traits what else is to be known of it before it runs
 * @param body what it does
 */
public record Command(String name, int countMin, int countMax, Every keys, Every values, Set<Trait> traits, Body body) {
    /** In the place of the most arguments: as many as a request may have. */
    public static final int ANY = Integer.MAX_VALUE;

    /** The longest argument that is no value, in bytes: names, keys, secrets. Keys too long are told so up to here. */
    public static final int NAME_MAX = 4096;

    /** The longest value; longer ones are told so up to {@link #VALUE_SLACK} more. */
    public static final int VALUE_MAX = BlobPool.LENGTH_MAX - Values.PREFIX;

    private static final int VALUE_SLACK = 1024;

    /** What is to be known of a command before it runs. */
    public enum Trait {
        /** It may come before the login. */
        BEFORE_LOGIN,
        /** It changes something. */
        WRITE,
        /** It may take long whatever the tiers: not on the thread that serves other connections as well. */
        LONG
    }

    /** What a command does: answers, or throws a {@link io.github.tmem.node.resp.RequestException}. */
    @FunctionalInterface
    public interface Body {
        /** Runs for a client, who waits for one answer. */
        void run(Client client, Request request, Reply reply);
    }

    /**
     * Some of the arguments: {@code first}, {@code first + step} and so on to {@code last}.
     *
     * @param first the first of them; 0 if there are none
     * @param last the last, or -1 for all that follow
     * @param step from one to the next
     */
    public record Every(int first, int last, int step) {
        /** No argument. */
        public static final Every NONE = new Every(0, 0, 0);

        /** One argument. */
        public static Every only(int argument) {
            return new Every(argument, argument, 1);
        }

        /** Whether the argument is one of them. */
        public boolean has(int argument) {
            return first > 0 && argument >= first && (last < 0 || argument <= last) && (argument - first) % step == 0;
        }
    }

    /** A command about neither keys nor values. */
    public static Command plain(String name, int countMin, int countMax, Body body) {
        return new Command(name, countMin, countMax, Every.NONE, Every.NONE, Set.of(), body);
    }

    /** A command about keys. */
    public static Command keyed(String name, int countMin, int countMax, Every keys, Body body) {
        return new Command(name, countMin, countMax, keys, Every.NONE, Set.of(), body);
    }

    /** This command with values among its arguments. */
    public Command withValues(Every newValues) {
        return new Command(name, countMin, countMax, keys, newValues, traits, body);
    }

    /** This command with a trait more. */
    public Command with(Trait trait) {
        EnumSet<Trait> more = EnumSet.of(trait);
        more.addAll(traits);
        return new Command(name, countMin, countMax, keys, values, more, body);
    }

    /** Whether it has the trait. */
    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** The longest an argument may be, in bytes. */
    public int lengthMax(int argument) {
        return values.has(argument) ? VALUE_MAX + VALUE_SLACK : NAME_MAX;
    }
}
