import MirrorCore
import Testing

@testable import MirrorHTTP

@Suite struct PrometheusTextTests {
    private func text(_ families: MetricFamily...) -> String {
        String(decoding: PrometheusText.bytes(families), as: UTF8.self)
    }

    @Test func aFamilyHasItsHelpItsTypeAndItsNumbers() {
        var family = MetricFamily(.counter, "a_total", "All of a.", by: "type", "code")
        family.add(.count(3), "blob", "200")
        family.add(.number(0.25), "manifest", "404")
        #expect(
            text(family) == """
                # HELP a_total All of a.
                # TYPE a_total counter
                a_total{type="blob",code="200"} 3
                a_total{type="manifest",code="404"} 0.25

                """)
    }

    @Test func whatWouldEndALabelOrALineIsEscaped() throws {
        var family = MetricFamily(.gauge, "a", "One \\ line\nand \"another\"", by: "name")
        family.add(.count(1), "C:\\x \"y\"\nz é")
        let text = text(family)
        #expect(text.hasPrefix("# HELP a One \\\\ line\\nand \"another\"\n"))
        #expect(text.contains("a{name=\"C:\\\\x \\\"y\\\"\\nz é\"} 1\n"))
        let found = try Exposition(text).families["a"]?.samples.first?.labels["name"]
        #expect(found == "C:\\x \"y\"\nz é")
    }

    @Test func bucketsCountAllAtOrBelowTheirBound() {
        var family = MetricFamily(.histogram, "t_seconds", "Times.", by: "kind")
        family.add(
            .distribution(Distribution(bounds: [0.005, 1, 2.5], counts: [2, 0, 1, 4], sum: 1.5)),
            "x")
        #expect(
            text(family) == """
                # HELP t_seconds Times.
                # TYPE t_seconds histogram
                t_seconds_bucket{kind="x",le="0.005"} 2
                t_seconds_bucket{kind="x",le="1"} 2
                t_seconds_bucket{kind="x",le="2.5"} 3
                t_seconds_bucket{kind="x",le="+Inf"} 7
                t_seconds_sum{kind="x"} 1.5
                t_seconds_count{kind="x"} 7

                """)
    }

    @Test(arguments: [
        (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (-2, "-2"), (1e21, "1e+21"),
        (1_700_000_000.5, "1700000000.5"),
    ])
    func numbersAreWrittenAsTheyAreRead(_ number: Double, _ digits: String) {
        var family = MetricFamily(.gauge, "a", "A.")
        family.add(.number(number))
        #expect(text(family).hasSuffix("\na \(digits)\n"))
    }

    @Test func aFamilyWithoutNumbersIsLeftOut() {
        #expect(text(MetricFamily(.gauge, "a", "A.", by: "b")) == "")
    }

    /// What the reader that other tests rely on does not let pass.
    @Test(arguments: [
        "a 1\n", "# TYPE a gauge\na 1\n", "# HELP a A.\n# TYPE a gauge\na 1",
        "# HELP a A.\n# TYPE a counter\na 1\n",
        "# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n",
        "# HELP a A.\n# TYPE a gauge\na{b=\"1\"} 1\na{b=\"1\"} 2\n",
        "# HELP a A.\n# TYPE a gauge\nb 1\n", "# HELP a A.\n# TYPE a gauge\na{b=\"1} 1\n",
        "# HELP a A.\n# TYPE a gauge\na{b=\"\\x\"} 1\n", "# HELP a A.\n# TYPE a gauge\na one\n",
        "# HELP a A.\n# TYPE a gauge\na 1\n# HELP a A.\n# TYPE a gauge\na{b=\"1\"} 2\n",
        "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\n"
            + "a_sum 1\na_count 1\n",
        "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_sum 1\na_count 2\n",
    ])
    func theReaderOfTheseTestsIsStrict(_ text: String) {
        #expect(throws: Exposition.Fault.self) { try Exposition(text) }
    }
}
