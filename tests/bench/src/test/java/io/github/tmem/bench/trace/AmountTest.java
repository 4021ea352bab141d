package io.github.tmem.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.node.console.UserMistakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTest {
    private static Trace trace(int distinct) {
        return new Trace("t", new int[1], new long[distinct]);
    }

    @ParameterizedTest
    @CsvSource({
        "1%,751,7",
        "10%,9939,993",
        "29%,100,29",
        "0.1%,186880,186",
        "33.3%,1000,333",
        "100%,751,751",
        "7,751,7",
        "2000,751,2000"
    })
    void roundsDown(String text, int distinct, int pages) {
        assertThat(Amount.parse("--capacity", text).pagesOf(trace(distinct), "--capacity"))
                .isEqualTo(pages);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0%", "101%", "-1", "-5%", "1.5", "ten", "", "%", "1e3", "10MiB", "99999999999"})
    void saysWhatIsAllowed(String text) {
        assertThatThrownBy(() -> Amount.parse("--capacity", text))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageStartingWith("--capacity \"" + text + "\"; allowed: a share of")
                .hasMessageContainingAll("\"10%\"", "\"5000\"");
    }

    @Test
    void noPageAtAllIsAMistake() {
        Amount amount = Amount.parse("--guest", "1%");
        assertThatThrownBy(() -> amount.pagesOf(trace(99), "--guest"))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageStartingWith("--guest 1% of t with its 99 distinct pages is no page at all");
    }
}
