package io.github.tmem.node;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.node.console.UserMistakeException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command {@code tmem}, which only groups the others, and how all of them report mistakes: in one line. */
@Command(
        name = "tmem",
        description = "A tiered transcendent-memory page store.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Tmem.Version.class)
final class Tmem implements Runnable {
    /** Set to {@code true} it makes unexpected errors print their stack trace. */
    static final String TRACE_PROPERTY = "tmem.trace";

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
        return new CommandLine(new Tmem())
                .addSubcommand(new CheckConfig(installation))
                .addSubcommand(new DemoCommand(installation))
                .setParameterExceptionHandler(Tmem::reportUsage)
                .setExecutionExceptionHandler(Tmem::reportFailure);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    private static int reportUsage(ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println("tmem: " + oneLine(mistake) + "; see: " + name + " --help");
        return ExitCode.USER_MISTAKE;
    }

    private static int reportFailure(Exception failure, CommandLine command, ParseResult arguments) {
        if (failure instanceof ConfigException || failure instanceof UserMistakeException) {
            command.getErr().println("tmem: " + oneLine(failure));
            return ExitCode.USER_MISTAKE;
        }
        if (Boolean.getBoolean(TRACE_PROPERTY)) {
            failure.printStackTrace(command.getErr());
        } else {
            command.getErr()
                    .println(
                            "tmem: this is a bug in tmem: " + failure.getClass().getSimpleName() + ": "
                                    + oneLine(failure) + " (trace: TMEM_JAVA_OPTS=-D" + TRACE_PROPERTY + "=true)");
        }
        return ExitCode.BROKEN;
    }

    private static String oneLine(Exception failure) {
        return String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", " ");
    }
}
