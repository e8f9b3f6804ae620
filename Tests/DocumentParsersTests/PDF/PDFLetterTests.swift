import Domain
import Testing

@testable import DocumentParsers

/// Letters of PDFs: ligatures, other scripts and directions, fonts that the file only names or that name nothing.
@Suite struct PDFLetterTests {
    @Test func `ligatures of fonts that name no glyphs are letters`() throws {
        let text = try Fixture.read("pdf/latex-two-columns.pdf").text
        for words in [
            "Efficient Floats in Official Traffic", "The fishing fleet", "difficult repairs were finished", "paraffin",
        ] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test func `ligatures and signs of PostScript's fonts`() throws {
        let text = try Fixture.read("pdf/ghostscript-article.pdf").text
        for words in [
            "The chief officer filed five affidavits on the difficult traffic of the flotilla.", "AX-200",
            "the well-known dealer “Müller & Söhne”, 5 €.",
        ] { #expect(text.contains(words), "\(words)") }
    }

    @Test func `text from right to left is in the order of reading`() throws {
        let text = try Fixture.read("pdf/chromium-scripts.pdf").text
        for line in [
            "המגדלור נבנה בשנת 1871 על סלע (Alder Point) בחוף.", "بنيت المنارة عام 1871 على صخرة في البحر.",
            "Ο φάρος χτίστηκε το 1871.", "Маяк построен в 1871 году.", "שסתום 42 שנתי", "מבער 17 יומי",
        ] { #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)") }
    }

    @Test func `lines of scripts without spaces go on within words`() throws {
        let text = try Fixture.read("pdf/chromium-scripts.pdf").text
        #expect(text.contains("灯台は1871年に建てられた。灯台守は三人で、家族と暮らしていた。最後の灯台守は1962年の秋に去った。"))
    }

    @Test func `columns from top to bottom are read from the right`() throws {
        let text = try Fixture.read("pdf/chromium-vertical.pdf").text
        #expect(text == "灯台は明治四年に建てられた。灯台守は三人で、家族と暮らしていた。最後の灯台守は秋に去った。")
    }

    @Test func `fonts that the file only names are known`() throws {
        let text = try Fixture.read("pdf/cid-fonts.pdf").text
        for line in ["在庫は倉庫にあります。", "仓库每周盘点。", "펌프에서 물이 샌다."] { #expect(text.contains(line), "\(line)") }
    }
}
