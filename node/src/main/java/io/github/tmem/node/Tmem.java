package io.github.tmem.node;

import io.github.tmem.node.console.Complaints;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code tmem}, which only groups the others. */
@Command(
        name = "tmem",
        description = "A tiered transcendent-memory page store.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footer = {"", "Commands that measure, built when first used: bench, replay; see: tmem replay --help"},
        versionProvider = Tmem.Version.class)
final class Tmem implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    /** The version in the manifest of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Tmem.class.getPackage().getImplementationVersion();
            return new String[] {"tmem " + (version == null ? "(not packaged)" : version)};
        }
    }

    private Tmem() {}

    /** The whole command line over {@code installation}. */
    static CommandLine commandLine(Installation installation) {
        return Complaints.inOneLine(new CommandLine(new Tmem())
                .addSubcommand(new CheckConfig(installation))
                .addSubcommand(new DemoCommand(installation))
                .addSubcommand(new PagesCommand(installation))
                .addSubcommand(new ServeCommand(installation)));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
