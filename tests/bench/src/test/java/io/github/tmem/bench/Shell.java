package io.github.tmem.bench;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * One command run inside the test.
 *
 * @param exitCode as the process would end with
 * @param out what it printed to standard output
 * @param err what it printed to standard error
 */
public record Shell(int exitCode, String out, String err) {

    /** Runs the command line. */
    public static Shell run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Measurements.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        int exitCode = command.execute(arguments);
        return new Shell(exitCode, out.toString(), err.toString());
    }
}
