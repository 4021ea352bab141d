package io.github.tmem.node.console;

import io.github.tmem.api.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** How every command reports what went wrong: one clear line, and an {@link ExitCode} that says whose fault it is. */
public final class Complaints {
    /** Set to {@code true} it makes unexpected errors print their stack trace. */
    static final String TRACE_PROPERTY = "tmem.trace";

    private Complaints() {}

    /** Makes {@code command} and its subcommands report in this way. Returns it. */
    public static CommandLine inOneLine(CommandLine command) {
        return command.setParameterExceptionHandler(Complaints::reportUsage)
                .setExecutionExceptionHandler(Complaints::reportFailure);
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
