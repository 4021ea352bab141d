package io.github.tmem.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tmem.bench.timing.Spread;
import java.io.StringReader;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ChartTest {
    private static final double PIXELS = 0.11;

    private final Map<Budget, Spread> figures = new EnumMap<>(Budget.class);

    private Document draw() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(Chart.svg(figures))));
    }

    private static List<Element> elements(Element below, String name) {
        NodeList nodes = below.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .map(Element.class::cast)
                .toList();
    }

    private static Element row(Document chart, Budget budget) {
        return elements(chart.getDocumentElement(), "g").stream()
                .filter(group -> group.getAttribute("id").equals(budget.key()))
                .findFirst()
                .orElseThrow();
    }

    private static Element bar(Document chart, Budget budget) {
        return elements(row(chart, budget), "rect").getFirst();
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    private static List<String> words(Element below) {
        return elements(below, "text").stream().map(Element::getTextContent).toList();
    }

    @Test
    void aBarIsAsLongAsItsFigureAndTheLineIsAtTheLimit() throws Exception {
        figures.put(Budget.PUT_VS_LZ4, new Spread(0.27, 0.54, 1.62)); // the limit is 1.08
        Document chart = draw();
        Element line = elements(chart.getDocumentElement(), "line").getFirst();
        double room = number(line, "x1") - ChartBar.BARS_X;
        assertThat(number(bar(chart, Budget.PUT_VS_LZ4), "x")).isEqualTo(ChartBar.BARS_X);
        assertThat(number(bar(chart, Budget.PUT_VS_LZ4), "width")).isCloseTo(room / 2, within(PIXELS));
        String whisker =
                elements(row(chart, Budget.PUT_VS_LZ4), "path").getFirst().getAttribute("d");
        assertThat(whisker)
                .startsWith("M" + Svg.px(ChartBar.BARS_X + room * 0.25) + " ")
                .contains("H" + Svg.px(ChartBar.BARS_X + room * 1.5));
        assertThat(words(row(chart, Budget.PUT_VS_LZ4)))
                .containsExactly("put ÷ bare LZ4 compression", "0.54", "≤ 1.08", "ok");
    }

    @Test
    void figuresAreGroupedByWhichWayIsBetterAndWhetherTheyHaveALimit() throws Exception {
        figures.put(Budget.GET_VS_LZ4, Spread.exactly(1.5));
        figures.put(Budget.PUT_VS_EHCACHE, Spread.exactly(0.8));
        figures.put(Budget.STORE_VS_CHRONICLE, Spread.exactly(3.5));
        figures.put(Budget.DENSITY, Spread.exactly(1.7));
        Document chart = draw();
        assertThat(words(chart.getDocumentElement()))
                .containsSubsequence(
                        "Less is better; the line is the limit",
                        "get ÷ bare LZ4 from cache",
                        "More is better; the line is the limit",
                        "store: times Chronicle Map",
                        "Less is better; without a limit, the line is at 1",
                        "put ÷ LZ4 and Ehcache",
                        "More is better; without a limit, the line is at 1",
                        "density");
        assertThat(elements(chart.getDocumentElement(), "line")).hasSize(4);
        assertThat(bar(chart, Budget.GET_VS_LZ4).getAttribute("class")).isEqualTo("over");
        assertThat(bar(chart, Budget.STORE_VS_CHRONICLE).getAttribute("class")).isEqualTo("ok");
        assertThat(bar(chart, Budget.DENSITY).getAttribute("class")).isEqualTo("free");
        assertThat(elements(chart.getDocumentElement(), "path"))
                .as("nothing varies")
                .isEmpty();
    }

    @Test
    void limitsOfZeroAndBelowAreOnTheSameLine() throws Exception {
        figures.put(Budget.ALLOC_BYTES_PER_OP, Spread.exactly(0.5));
        figures.put(Budget.HIT_EXCLUSIVE_VS_ARC, new Spread(-1, -0.25, 1)); // the limit is -0.5, so 0 is right of it
        Document chart = draw();
        double unit = ChartBar.LIMIT_X - ChartBar.BARS_X;
        Element allocated = bar(chart, Budget.ALLOC_BYTES_PER_OP);
        assertThat(number(allocated, "x")).isEqualTo(ChartBar.LIMIT_X);
        assertThat(number(allocated, "width")).isCloseTo(unit / 2, within(PIXELS));
        Element hits = bar(chart, Budget.HIT_EXCLUSIVE_VS_ARC);
        assertThat(number(hits, "x")).isCloseTo(ChartBar.LIMIT_X + unit / 4, within(PIXELS));
        assertThat(number(hits, "width")).isCloseTo(unit / 4, within(PIXELS));
    }

    @Test
    void whatDoesNotFitEndsAtTheEdgeAndEverythingIsOnThePicture() throws Exception {
        for (Budget budget : Budget.values()) {
            figures.put(budget, new Spread(-1e6, 1e6, 1e7));
        }
        Document chart = draw();
        double height = number(chart.getDocumentElement(), "height");
        for (Budget budget : Budget.values()) {
            Element bar = bar(chart, budget);
            assertThat(number(bar, "x") + number(bar, "width")).isEqualTo(ChartBar.BARS_END);
            assertThat(number(bar, "y") + number(bar, "height")).isBetween(0.0, height);
            assertThat(words(row(chart, budget))).contains("‹", "›");
        }
        assertThat(elements(chart.getDocumentElement(), "text")).allSatisfy(text -> {
            assertThat(number(text, "x")).isBetween(0.0, (double) Chart.WIDTH);
            assertThat(number(text, "y")).isBetween(0.0, height);
        });
    }

    @Test
    void wordsMayHaveEveryCharacter() {
        assertThat(Svg.text("text", "a < b & \"c\"", "x", "<\"&"))
                .isEqualTo("<text x=\"&lt;&quot;&amp;\">a &lt; b &amp; &quot;c&quot;</text>\n");
    }

    @Test
    void thePictureNeedsNothingElseAndKnowsDarkPages() {
        figures.put(Budget.PUT_VS_LZ4, Spread.exactly(1));
        assertThat(Chart.svg(figures))
                .contains("prefers-color-scheme: dark", "viewBox=\"0 0 800 ")
                .doesNotContain("href", "url(", "<script", "<image", "@import");
    }
}
