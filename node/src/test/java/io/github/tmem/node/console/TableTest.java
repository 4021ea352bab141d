package io.github.tmem.node.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
    @Test
    void alignsTheFirstColumnLeftAndTheOthersRight() {
        Table table = new Table("tier", "pages", "");
        table.row("heap", "12", "x");
        table.row("offheap", "123,456", "");
        assertThat(table.lines()).containsExactly("tier       pages", "heap          12  x", "offheap  123,456");
    }

    @Test
    void refusesARowThatDoesNotFit() {
        Table table = new Table("one", "two");
        assertThatThrownBy(() -> table.row("1")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0,░░░░", "1,████", "0.5,██░░", "0.625,██▌░", "0.99,████", "0.03125,▏░░░", "7,████", "-1,░░░░"})
    void drawsBarsToAnEighth(double share, String bar) {
        assertThat(Table.bar(share, 4)).isEqualTo(bar);
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1 KiB", "25165824,24 MiB", "23907533,22.8 MiB", "1099511627776,1 TiB"})
    void writesBytes(long bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            value = {"3.141;3.14 µs", "31.41;31.4 µs", "314.1;314 µs", "3141.5;3,142 µs", "9.999;10.00 µs"},
            delimiter = ';')
    void writesMicroseconds(double micros, String text) {
        assertThat(Figures.micros(micros)).isEqualTo(text);
    }
}
