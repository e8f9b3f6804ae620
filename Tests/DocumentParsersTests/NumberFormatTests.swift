import Testing

@testable import DocumentParsers

@Suite struct NumberFormatTests {
    private func text(_ code: String, _ value: Double, _ epoch: SerialDate.Epoch = .year1900) -> String {
        NumberFormat(code).text(value, epoch: epoch)
    }

    private static let numbers: [(code: String, value: Double, shown: String)] = [
        ("General", 0.30000000000000004, "0.3"), ("General", 1234567, "1234567"), ("General", 1.5e30, "1.5E+30"),
        ("General", -0.000012, "-0.000012"), ("General", 1e-20, "1E-20"), ("General", 0, "0"),
        ("0", 3, "3"), ("0.00", 5, "5.00"), ("#,##0.00", 1234.5, "1234.50"), ("00000", 1234, "01234"),
        ("000\\-00\\-0000", 123_456_789, "123-45-6789"), (".00", 0.5, "0.50"), ("#", 0, "0"),
        ("0.00", 33.333333333333336, "33.33"), ("0", 7.25, "7.25"), ("0.00", 2.675, "2.675"),
        ("0%", 0.0725, "7.25%"), ("0%", 1.0 / 3, "33%"), ("0.0%", 0.125, "12.5%"), ("0.00%", 1, "100.00%"),
        ("0.00E+00", 123_456, "123456"), ("# ?/?", 0.5, "0.5"),
    ]

    @Test(arguments: numbers)
    func `numbers keep what was typed and round what was calculated`(code: String, value: Double, shown: String) {
        #expect(text(code, value) == shown)
    }

    private static let quantities: [(code: String, value: Double, shown: String)] = [
        ("\"$\"#,##0.00", 12.5, "$12.50"), ("#,##0.00\\ \"€\"", 1234.5, "1234.50 €"),
        ("[$€-407] #,##0.00", 1234.5, "€ 1234.50"), ("[$USD] 0.00", 3, "USD 3.00"),
        ("_-\"£\"* #,##0.00_-;-\"£\"* #,##0.00_-", -3, "-£3.00"), ("0.0\" kg\"", 4.5, "4.5 kg"),
        ("#,##0;(#,##0)", -1234, "-1234"), ("0;[Red]0", -5, "-5"), ("0;-0;\"none\"", 0, "none"),
        ("_(* #,##0_);_(* (#,##0);_(* \"-\"_)", 0, "0"), ("[<1]\"few\";0", 0.5, "few"), ("[<1]\"few\";0", 2, "2"),
        ("General\" pcs\"", 7, "7 pcs"), ("0.0,,\"M\"", 1_234_567, "1234567"), (";;;", 5, "5"), ("@", 5, "5"),
    ]

    @Test(arguments: quantities)
    func `currencies, units and signs are kept`(code: String, value: Double, shown: String) {
        #expect(text(code, value) == shown)
    }

    private static let moments: [(code: String, value: Double, shown: String)] = [
        ("yyyy\\-mm\\-dd", 45356, "2024-03-05"), ("d.m.yy", 45356.75, "2024-03-05"), ("mmm-yy", 45356, "2024-03-05"),
        ("dd/mm/yyyy hh:mm", 45356.604166666664, "2024-03-05T14:30:00"), ("h:mm AM/PM", 0.75, "18:00:00"),
        ("hh:mm:ss", 45356.999999999, "00:00:00"), ("[h]:mm", 1.5, "36:00:00"), ("mm:ss", 0.5, "12:00:00"),
        ("[$-409]d\\-mmm\\-yyyy;@", 1, "1900-01-01"), ("yyyy-mm-dd", 59, "1900-02-28"),
        ("yyyy-mm-dd", 60, "1900-02-29"), ("yyyy-mm-dd", 61, "1900-03-01"), ("yyyy-mm-dd", 2_958_465, "9999-12-31"),
        ("yyyy-mm-dd", 2_958_466, "2958466"), ("yyyy-mm-dd", -1, "-1"), ("yyyy-mm-dd", 0, "0"),
        ("yyyy\"年\"m\"月\"d\"日\"", 36_585, "2000-02-29"), ("m/d/yy", 73_050, "2099-12-31"),
    ]

    @Test(arguments: moments)
    func `dates and times are those of ISO 8601`(code: String, value: Double, shown: String) {
        #expect(text(code, value) == shown)
    }

    @Test func `the count of 1904 begins there`() {
        #expect(text("yyyy-mm-dd", 0, .year1904) == "1904-01-01")
        #expect(text("yyyy-mm-dd", 43894, .year1904) == "2024-03-05")
    }

    @Test(arguments: [
        (14, "2024-03-05"), (22, "2024-03-05T12:00:00"), (21, "12:00:00"), (9, "4535650%"), (1, "45356.5"),
        (31, "2024-03-05"), (49, "45356.5"), (999, "45356.5"),
    ])
    func `formats that are not written down are known`(id: Int, shown: String) {
        #expect(text(BuiltInNumberFormats.code(id), 45356.5) == shown)
    }
}
