import Domain
import Testing

@testable import DocumentParsers

extension FuzzTests {
    /// Headings lie within the text, in order.
    private func check(_ document: ParsedDocument) {
        let offsets = document.headings.map(\.offset)
        #expect(offsets == offsets.sorted())
        #expect(offsets.allSatisfy { 0...document.text.utf16.count ~= $0 })
    }

    @Test func rtf() async {
        let fuzzer = Fuzzer(
            "rtf",
            seeds: [
                #"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset128 B;}{\f2\fcharset2 C;}}{\stylesheet{\s1"#
                    + #"\outlinelevel0 heading 1;}{\s2\sbasedon1 x;}}{\info{\title T}{\creatim\yr2024\mo3\dy5}}\pard\s1 One\par"#
                    + #"\pard a\'e9\u8364?\u-10179?\u-8704?{\b b}{\v h}\f1\'93\'fa\f0\tab c\par}"#,
                #"{\rtf1 x\par\trowd\pard\intbl a\cell b\cell\row\trowd\itap2 x\nestcell{\*\nesttableprops\nestrow}\itap1 d\cell\row"#
                    + #"\pard{\footnote note\par}{\shp{\*\shpinst{\sp{\sn n}}{\shptxt box\par}}}{\pict\bin3 abc}{\upr{a}{\*\ud b}}"#
                    + #"{\field{\*\fldinst X}{\fldrslt y}}{\listtext\'b7\tab}\ls1\ilvl2 item\par}"#,
            ],
            dictionary: [
                "\\par", "\\cell", "\\row", "\\trowd", "\\intbl", "\\itap2", "\\nestcell", "{\\footnote ",
                "{\\*\\shptxt ", "\\'",
                "\\u-1", "\\uc9", "\\bin9", "\\bin-1", "{\\*\\", "\\ansicpg932", "\\f1 ", "\\plain", "\\pard", "\\ud",
                "\\upr",
                "\\outlinelevel99", "\\ilvl-7", "\\s-1", "{\\fonttbl", "{\\stylesheet", "}", "{",
            ])
        await fuzzer.run { input, _ in
            var reader = RTFReader()
            try input.withUnsafeBufferPointer { try reader.read($0) }
            var writer = BlockWriter()
            for block in reader.body { writer.write(block) }
            check(writer.document)
            _ = reader.created
            return !reader.body.isEmpty
        }
    }

    @Test func mail() async {
        let fuzzer = Fuzzer(
            "mail",
            seeds: [
                "From: =?utf-8?Q?Ad=C3=A9?= <a@x>\r\nTo: b\r\nSubject: =?utf-8?B?w6k=?=\r\n =?utf-8?B?w6k=?=\r\nDate: Tue, 5 Mar 2024"
                    + " 07:08:09 +0100\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: multipart/alternative"
                    + ";\r\n boundary=c\r\n\r\n--c\r\n\r\nplain\r\n--c\r\nContent-Type: text/html; charset=koi8-r\r\n"
                    + "Content-Transfer-Encoding: base64\r\n\r\nPGgxPng8L2gxPnk=\r\n--c--\r\n--b\r\nContent-Disposition: attachment;"
                    + " filename*0*=utf-8''%c3%a9; filename*1=x\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3D=\r\nb\r\n--b--",
                "Subject: s\nContent-Type: text/plain; format=flowed; delsp=yes\n\n> one \n> two\n-- \nx",
                "Subject: s\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n%:&5L;&\\ \n`\nend",
            ],
            dictionary: [
                "--b", "--c", "--", "boundary=", "boundary=\"\"", "Content-Type: ", "multipart/", "message/rfc822",
                "text/html",
                "=?utf-8?Q?", "?=", "=?", "\r\n ", "\r\n\r\n", "; charset=", "utf-7", "base64",
                "filename*9999999999999999999*=",
                "name*", "-----BEGIN PGP MESSAGE-----", "smime-type=", "From ", "Mar 99999999999 99:99:99 +9999", "(",
                "begin ",
            ])
        await fuzzer.run { input, _ in
            guard let message = MailMessage(input[...]) else { return false }
            if let document = message.document { check(document) }
            for attachment in message.attachments {
                #expect(!attachment.name.contains("/"))
                _ = attachment.part.decodedBody
            }
            return message.document != nil
        }
    }

    @Test func mailbox() async {
        let fuzzer = Fuzzer(
            "mailbox",
            seeds: [
                "From a@x Tue Mar  5 07:08:09 2024\nSubject: 1\n\nFrom here\n>From there\n>>From 1\n\n"
                    + "From - Tue Mar 05 07:08:09 2024\r\nSubject: 2\r\n\r\nb\r\n",
                "\n\nFrom a 07:08\nA: b\n\nFrom b\nFrom: c\n",
            ],
            dictionary: ["From ", ">From ", "\n\nFrom ", "07:08", "2024", "A: b\n", ":", "\r\n"])
        await fuzzer.run { input, _ in
            let places = MailboxSplitter.messages(in: input, limit: 50)
            #expect(places.count <= 50)
            var end = 0
            for place in places {
                // Messages follow one another and never overlap.
                #expect(place.separator.lowerBound >= end && place.separator.upperBound <= place.content.lowerBound)
                end = place.content.upperBound
                let content = MailboxSplitter.unquoted(input[place.content])
                #expect(content.count <= place.content.count)
            }
            _ = MailboxSplitter.begins(input[...])
            return places.count > 1
        }
    }

    @Test func openDocument() async {
        let spaces = ["office", "text", "table", "drawing", "presentation"].map {
            "xmlns:\($0)=\"urn:oasis:names:tc:opendocument:xmlns:\($0):1.0\""
        }.joined(separator: " ")
        let fuzzer = Fuzzer(
            "openDocument",
            seeds: [
                "<office:body \(spaces)><text:h text:outline-level=\"1\">A</text:h><text:list><text:list-item><text:p>b<text:note>"
                    + "<text:p>n</text:p></text:note></text:p></text:list-item></text:list><table:table><table:table-row>"
                    + "<table:table-cell><text:p>c</text:p></table:table-cell></table:table-row></table:table></office:body>",
                "<office:body \(spaces)><drawing:page><drawing:frame presentation:class=\"title\"><text:p>T</text:p></drawing:frame>"
                    + "<presentation:notes><text:p>n</text:p></presentation:notes></drawing:page></office:body>",
                "<office:body \(spaces)><table:table table:name=\"S\"><table:table-row table:number-rows-repeated=\"3\">"
                    + "<table:table-cell table:number-columns-repeated=\"2\"><text:p>x</text:p></table:table-cell></table:table-row>"
                    + "</table:table></office:body>",
            ],
            dictionary: [
                "<text:p>", "</text:p>", "<text:s text:c=\"9\"/>", "<text:list>", "</text:list>", "<table:table>",
                "</table:table>",
                "<table:table-row>", "number-rows-repeated=\"-1\"", "<text:note>", "</text:note>", "<drawing:page>",
                "</drawing:page>",
            ])
        var limits = ParseLimits()
        limits.maximumTextBytes = 1 << 20
        await fuzzer.run(share: 0.5) { [limits] input, _ in
            var reader = OpenDocumentReader(styles: OpenDocumentStyles())
            try reader.read(input)
            var writer = BlockWriter()
            for block in reader.blocks { writer.write(block) }
            check(writer.document)
            for sheet in (try? OpenSpreadsheetReader.sheets(in: input, limits: limits)) ?? [] {
                let starts = sheet.divisions?.starts ?? []
                #expect(starts == starts.sorted() && (starts.last ?? 0) <= sheet.text.utf16.count)
            }
            return !reader.blocks.isEmpty || !reader.slides.isEmpty
        }
    }
}
