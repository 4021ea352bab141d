package io.github.tmem.node;

import io.github.tmem.api.WriteMode;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Incompressible;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.StoreProvider;
import io.github.tmem.node.config.Lending;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.NodeReader;
import io.github.tmem.node.config.NodeText;
import io.github.tmem.node.console.Figures;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tmem check-config FILE}: reads a configuration and says what it means here, without opening anything. */
@Command(
        name = "check-config",
        description = "Reads a configuration and says what it means on this machine. Opens nothing.",
        mixinStandardHelpOptions = true)
final class CheckConfig implements Runnable {
    /** Reading a file for an embedded store would say that it ignores a node's section. Held, or the level would be forgotten. */
    private static final Logger READER_LOG = Logger.getLogger("io.github.tmem.tiering.yaml");

    private final Installation installation;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "the YAML file")
    @SuppressWarnings("NullAway.Init") // required: set by picocli before run()
    private Path file;

    CheckConfig(Installation installation) {
        this.installation = installation;
    }

    @Override
    public void run() {
        READER_LOG.setLevel(Level.WARNING);
        StoreProvider provider = installation.store().get();
        StoreConfig config = provider.read(file);
        NodeConfig node = NodeReader.read(provider, file);
        boolean isNode = provider.section(file, NodeReader.SECTION).isPresent();
        if (isNode) { // another program may lend what it likes
            Lending.of(config, installation.backends().get()).check(node);
        }
        // Resolved before anything is printed: a capacity that does not fit is an error like any other.
        TreeMap<String, List<Long>> capacities = new TreeMap<>();
        config.chains()
                .forEach((chain, tiers) ->
                        capacities.put(chain, tiers.stream().map(this::capacity).toList()));
        PrintWriter out = spec.commandLine().getOut();
        out.println(file + " is valid");
        capacities.forEach((chain, bytes) -> printChain(out, config, chain, bytes));
        printPools(out, config.pools());
        if (isNode) {
            out.println();
            out.println("node");
            NodeText.lines(node).forEach(line -> out.println("  " + line));
        }
        out.flush();
    }

    private long capacity(TierConfig tier) {
        return installation.backends().get().stream()
                .filter(backend -> backend.type().equals(tier.type()))
                .findFirst()
                .map((BackendProvider backend) -> backend.capacity(tier))
                .orElseThrow(
                        () -> new ConfigException("no backend for tier \"" + tier.type() + "\" on the class path"));
    }

    private static void printChain(PrintWriter out, StoreConfig config, String chain, List<Long> capacities) {
        long whole = capacities.stream().mapToLong(Long::longValue).sum();
        long directory = config.directory().resolve(whole);
        out.printf(
                Locale.ROOT,
                "%nchain %s: %s, and a directory of at most %s%n",
                chain,
                Figures.bytes(whole),
                Figures.bytes(directory));
        List<TierConfig> tiers = config.chains().getOrDefault(chain, List.of());
        for (int i = 0; i < tiers.size(); i++) {
            TierConfig tier = tiers.get(i);
            out.printf(
                    Locale.ROOT,
                    "  %2d  %-10s %10s%-7s %s%n",
                    i + 1,
                    tier.type(),
                    Figures.bytes(capacities.get(i)),
                    percentage(tier.capacity()),
                    policies(tier));
        }
    }

    private static String percentage(Size capacity) {
        return capacity.isPercent() ? " (" + capacity + ")" : "";
    }

    private static String policies(TierConfig tier) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "full: ephemeral %s, persistent %s; low %s, high %s; promote %s; codec %s",
                tier.whenFull().ephemeral().word(),
                tier.whenFull().persistent().word(),
                Size.ofPercent(tier.low()),
                Size.ofPercent(tier.high()),
                tier.promote().word(),
                tier.codec()));
        if (tier.incompressible() == Incompressible.REFUSE) {
            text.append("; incompressible refuse");
        }
        new TreeMap<>(tier.settings())
                .forEach((key, value) ->
                        text.append("; ").append(key).append(' ').append(withoutSecret(value)));
        return text.toString();
    }

    /** A setting as it may be shown: an address without the user and secret that it may name. */
    private static String withoutSecret(String setting) {
        return setting.replaceFirst("//.*@", "//***@");
    }

    private static void printPools(PrintWriter out, List<PoolConfig> pools) {
        out.println();
        out.println(pools.isEmpty() ? "no pools declared; any may be opened by name" : "pools");
        for (PoolConfig pool : pools) {
            out.printf(
                    Locale.ROOT,
                    "  %-18s %-10s %s gets, pages of %s, chain %s%s%n",
                    pool.name(),
                    pool.kind().word(),
                    pool.getMode().word(),
                    Size.ofBytes(pool.pageSize()),
                    pool.chain(),
                    further(pool));
        }
    }

    private static String further(PoolConfig pool) {
        String shared = pool.sharing() == null
                ? ""
                : ", shared as " + pool.sharing().uuid()
                        + (pool.sharing().secret() == null ? " without a secret" : " with a secret");
        String through = pool.write() == WriteMode.THROUGH ? ", write through" : "";
        String indexes = pool.indexes() == PoolConfig.INDEXES_ALL
                ? ""
                : ", " + Long.toUnsignedString(pool.indexes()) + " indexes";
        return shared + through + indexes;
    }
}
