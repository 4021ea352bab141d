package io.github.tmem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.fake.FakeStore;
import io.github.tmem.node.fake.Flaw;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    private static Shell run(String arguments) {
        return Shell.run(
                FakeStore.provider(new FakeStore(Flaw.NONE)),
                arguments.isEmpty() ? new String[0] : arguments.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource({
        "'',no command given; see: tmem --help",
        "check-config,Missing required parameter: 'FILE'; see: tmem check-config --help",
        "demo --json,Missing required parameter for option '--json' (FILE); see: tmem demo --help",
        "pages,Missing required parameter: 'FILE'; see: tmem pages --help",
        "pages no/such.pages,no/such.pages: there is no such file",
        "pages no/such.pages --config no/such.yaml,no/such.yaml: there is no such file",
        "pages no/such.pages --json no/such/folder.json,no/such/folder.json: cannot be written",
        "serve,Missing required option: '--config=FILE'; see: tmem serve --help",
        "serve --config no/such.yaml,no/such.yaml: there is no such file",
        "demo --config no/such.yaml,no/such.yaml: there is no such file",
        "demo --pages no/such.pages,no/such.pages: there is no such file",
        "demo --remote --redis redis://h,--remote starts a peer of its own; leave out --redis; see: tmem demo --help",
        "demo --remote --config F,--remote brings its own chain; leave out --config; see: tmem demo --help",
        "demo --redis redis://h --config F,--redis brings its own chain; leave out --config; see: tmem demo --help",
        "demo --secret-file F,--secret-file is for the server of --redis; see: tmem demo --help",
        "demo --remote --trust-file F,--trust-file is for the server of --redis; see: tmem demo --help",
        "demo --json no/such/folder.json,no/such/folder.json: cannot be written",
    })
    void reportsMistakesInOneLine(String arguments, String message) {
        Shell shell = run(arguments);
        assertThat(shell.err().strip()).endsWith("tmem: " + message).hasLineCount(1);
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "demo --what", "check-config a b"})
    void reportsWhatItDoesNotKnowInOneLine(String arguments) {
        Shell shell = run(arguments);
        assertThat(shell.err()).startsWith("tmem: Un").hasLineCount(1);
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "--version", "demo --help", "pages --help", "check-config --help", "serve --help"})
    void helps(String arguments) {
        Shell shell = run(arguments);
        assertThat(shell.out()).contains("tmem");
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
    }
}
