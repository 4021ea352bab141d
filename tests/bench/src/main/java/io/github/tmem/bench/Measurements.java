package io.github.tmem.bench;

import io.github.tmem.bench.replay.ReplayCommand;
import io.github.tmem.bench.run.BenchCommand;
import io.github.tmem.node.console.Complaints;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands of {@code tmem} that measure. */
@Command(
        name = "tmem",
        description = "Measures page stores.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class Measurements implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    private Measurements() {}

    /** The whole command line. */
    static CommandLine commandLine() {
        return Complaints.inOneLine(new CommandLine(new Measurements())
                .addSubcommand(new BenchCommand())
                .addSubcommand(new ReplayCommand()));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
