@testable import DocumentParsers

/// A sheet of a workbook that a test composes.
struct TestSheet {
    var name: String
    /// The content of `sheetData`.
    var rows: String
    var state = ""
    /// What follows `sheetData`.
    var tail = ""
}

let relationshipType = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

func relationships(_ entries: [(id: String, type: String, target: String)]) -> String {
    let lines = entries.map {
        "<Relationship Id=\"\($0.id)\" Type=\"\(relationshipType)/\($0.type)\" Target=\"\($0.target)\"/>"
    }
    return "<Relationships>\(lines.joined())</Relationships>"
}

/// A workbook of Excel. The sheets lie in the archive in reverse order.
func workbookFile(
    _ sheets: [TestSheet], strings: String = "", styles: String = "", properties: String = ""
) -> ZipBuilder {
    let namespaces = """
        xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="\(relationshipType)"
        """
    let list = sheets.enumerated().map { index, sheet in
        "<sheet name=\"\(sheet.name)\" sheetId=\"\(index + 1)\" \(sheet.state) r:id=\"rId\(index + 1)\"/>"
    }
    var zip = ZipBuilder()
    for (index, sheet) in sheets.enumerated().reversed() {
        zip = zip.adding(
            "xl/worksheets/sheet\(index + 1).xml",
            "<worksheet \(namespaces)><sheetData>\(sheet.rows)</sheetData>\(sheet.tail)</worksheet>")
    }
    let targets = sheets.indices.map { ("rId\($0 + 1)", "worksheet", "worksheets/sheet\($0 + 1).xml") }
    return
        zip
        .adding(
            "xl/workbook.xml",
            "<workbook \(namespaces)><workbookPr \(properties)/><sheets>\(list.joined())</sheets></workbook>"
        )
        .adding("xl/sharedStrings.xml", "<sst \(namespaces)>\(strings)</sst>")
        .adding("xl/styles.xml", "<styleSheet \(namespaces)>\(styles)</styleSheet>")
        .adding(
            "xl/_rels/workbook.xml.rels",
            relationships(
                targets + [("s", "sharedStrings", "sharedStrings.xml"), ("t", "styles", "/xl/styles.xml")]))
}

/// A slide of a presentation that a test composes.
struct TestSlide {
    /// The content of `p:spTree`.
    var shapes: String
    var notes: String?
    var attributes = ""
    /// Further parts by type, name and content, with the ids `x0`, `x1` and so on.
    var parts: [(type: String, name: String, content: String)] = []
}

/// A presentation of PowerPoint. The slides are stored under numbers that run against their order.
func presentationFile(_ slides: [TestSlide]) -> ZipBuilder {
    let namespaces = """
        xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="\(relationshipType)" \
        xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" \
        xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" \
        xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"
        """
    func number(_ index: Int) -> Int { slides.count - index }
    let list = slides.indices.map { "<p:sldId r:id=\"rId\($0)\" id=\"\(256 + $0)\"/>" }
    var zip = ZipBuilder()
        .adding(
            "ppt/presentation.xml",
            "<p:presentation \(namespaces)><p:sldIdLst>\(list.joined())</p:sldIdLst></p:presentation>"
        )
        .adding(
            "ppt/_rels/presentation.xml.rels",
            relationships(slides.indices.map { ("rId\($0)", "slide", "slides/slide\(number($0)).xml") }))
    for (index, slide) in slides.enumerated() {
        let tree = { (name: String, shapes: String) in
            "<p:\(name) \(namespaces) \(slide.attributes)><p:cSld><p:spTree>\(shapes)</p:spTree></p:cSld></p:\(name)>"
        }
        let name = "slide\(number(index)).xml"
        var related = slide.parts.enumerated().map { ("x\($0)", $1.type, "../\($1.name)") }
        if let notes = slide.notes {
            related.append(("n", "notesSlide", "../notesSlides/notes\(index).xml"))
            zip = zip.adding("ppt/notesSlides/notes\(index).xml", tree("notes", notes))
        }
        for part in slide.parts {
            zip = zip.adding("ppt/\(part.name)", part.content.replacing("<ROOT", with: "<ROOT \(namespaces)"))
        }
        zip = zip.adding("ppt/slides/\(name)", tree("sld", slide.shapes))
            .adding("ppt/slides/_rels/\(name).rels", relationships(related))
    }
    return zip
}

/// A shape with paragraphs; `kind` is that of its placeholder.
func slideShape(_ kind: String?, _ paragraphs: [String]) -> String {
    let placeholder = kind.map { $0.isEmpty ? "<p:ph idx=\"1\"/>" : "<p:ph type=\"\($0)\"/>" } ?? ""
    let text = paragraphs.map { "<a:p><a:r><a:t>\($0)</a:t></a:r></a:p>" }.joined()
    return "<p:sp><p:nvSpPr><p:nvPr>\(placeholder)</p:nvPr></p:nvSpPr><p:txBody>\(text)</p:txBody></p:sp>"
}
