package io.github.tmem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.fake.FakeStore;
import io.github.tmem.node.fake.Flaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckConfigTest {
    @TempDir
    Path folder;

    private Shell check(String yaml) throws IOException {
        Path file = folder.resolve("tmem.yaml");
        Files.writeString(file, yaml);
        return Shell.run(FakeStore.provider(new FakeStore(Flaw.NONE)), "check-config", file.toString());
    }

    @Test
    void summarizesChainsWithResolvedCapacitiesAndPools() throws IOException {
        Shell shell = check("""
                chains:
                  default: [{tier: heap, capacity: 25%}, {tier: offheap, capacity: 512MiB, codec: none, promote: never}]
                  swap: [{tier: offheap, capacity: 1GiB}]
                pools: [{name: images, kind: ephemeral, page-size: 64KiB}]
                """);
        assertThat(shell.err()).isEmpty();
        assertThat(shell.out().lines())
                .containsExactly(
                        folder.resolve("tmem.yaml") + " is valid",
                        "",
                        "chain default: 768 MiB, and a directory of at most 38.4 MiB",
                        "   1  heap          256 MiB (25%)  full: ephemeral demote, persistent forward; low 90%, high 95%;"
                                + " promote second-hit; codec lz4",
                        "   2  offheap       512 MiB        full: ephemeral demote, persistent forward; low 90%, high 95%;"
                                + " promote never; codec none",
                        "",
                        "chain swap: 1 GiB, and a directory of at most 51.2 MiB",
                        "   1  offheap         1 GiB        full: ephemeral demote, persistent forward; low 90%, high 95%;"
                                + " promote second-hit; codec lz4",
                        "",
                        "pools",
                        "  images             ephemeral  exclusive gets, pages of 64KiB, chain default");
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void saysWhatTheSectionOfANodeMeans() throws IOException {
        Files.writeString(folder.resolve("app.secret"), "open sesame");
        Shell shell = check("""
                chains: {default: [{tier: heap, capacity: 1MiB}]}
                node:
                  port: 7399
                  users: [{name: app, secret-file: app.secret, pools: [swap, images]}]
                  limits: {idle: 5m}
                """);
        assertThat(shell.err()).isEmpty();
        assertThat(shell.out().lines())
                .endsWith(
                        "node",
                        "  peer port  127.0.0.1:7399, plain text",
                        "  user       app: own values, pools images, swap",
                        "  limits     1,000 connections, requests of 16 MiB, 1 MiB unsent, login in 10 s, stalled for 60 s,"
                                + " idle for 300 s");
    }

    /** An embedded store may have any tier; a node only where no peer's pages come to be. */
    @Test
    void refusesANodeThatWouldLendItsPeersPagesOn() throws IOException {
        String far = "chains: {default: [{tier: heap, capacity: 1MiB}, {tier: far, capacity: 1MiB}]}\n";
        assertThat(check(far).exitCode()).isEqualTo(ExitCode.OK);
        Shell shell = check(far + "node: {port: 7399}\n");
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err())
                .startsWith("tmem: chain default has the tier far, which is in another machine")
                .hasLineCount(1);
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
        String near = "chains: {default: [{tier: heap, capacity: 1MiB}], own: [{tier: far, capacity: 1MiB}]}\n";
        assertThat(check(near + "node: {port: 7399}\n").exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void reportsAMistakeInTheSectionOfANode() throws IOException {
        Shell shell = check("chains: {default: [{tier: heap, capacity: 1MiB}]}\nnode: {port: many}");
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err())
                .startsWith("tmem: " + folder.resolve("tmem.yaml") + ":2:14: port \"many\" is not allowed; allowed: ")
                .hasLineCount(1);
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
    }

    @Test
    void reportsAMistakeInOneLine() throws IOException {
        Shell shell = check("chains: {default: [{tier: heap}]}");
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err())
                .startsWith("tmem: " + folder.resolve("tmem.yaml") + ":1:20: a tier has no \"capacity\"; allowed: ")
                .hasLineCount(1);
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
    }

    @Test
    void reportsACapacityThatDoesNotFitBeforeAnythingElse() throws IOException {
        Shell shell = check("chains: {default: [{tier: heap, capacity: 1MiB}, {tier: offheap, capacity: 2GiB}]}");
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err().strip()).isEqualTo("tmem: tier offheap: capacity 2GiB is too much");
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
    }
}
