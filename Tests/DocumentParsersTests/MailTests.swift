import Domain
import Foundation
import Testing

@testable import DocumentParsers

@Suite struct MailTests {
    private func documents(
        _ bytes: [UInt8], as name: String = "a.eml", limits: ParseLimits = ParseLimits()
    ) async throws -> [ParsedDocument] {
        try await Fixture.withFile(bytes) { try DocumentDispatcher().read(path: $0, fileName: name, limits: limits) }
    }

    private func documents(_ text: String, as name: String = "a.eml") async throws -> [ParsedDocument] {
        try await documents(Array(text.utf8), as: name)
    }

    /// What a message says below its fields.
    private func body(_ message: String) async throws -> String {
        let text = try await documents("From: a@example.org\n" + message)[0].text
        return String(text[(text.firstRange(of: "\n\n")?.upperBound ?? text.startIndex)...])
    }

    @Test func `a plain text that only says that there is another gives way to it`() async throws {
        let message = { (plain: String) in
            "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n\(plain)\n--b\nContent-Type: text/html\n\n"
                + "<p>\(String(repeating: "The invoice for the pump. ", count: 12))</p>\n--b--\n"
        }
        #expect(try await body(message("Your mail program does not show HTML.")).hasPrefix("The invoice"))
        #expect(try await body(message(String(repeating: "The invoice. ", count: 9))).contains("The invoice. The"))
    }

    @Test func `a message with attachments becomes a document for each that has text`() throws {
        let documents = try DocumentDispatcher().read(
            path: Fixture.path("plan.eml"), fileName: "plan.eml", limits: ParseLimits())
        #expect(
            documents[0].text == """
                From: Ada Thörn <ada@example.org>
                To: Ito Minoru <ito@example.org>, board@example.org
                Cc: keeper@example.org
                Date: Mon, 04 Mar 2024 07:08:09 +0100
                Subject: Fährplan für März

                Dear board,

                the plan is attached.

                Ada
                """)
        #expect(documents[0].title == "Fährplan für März")
        #expect(documents[0].author == "Ada Thörn <ada@example.org>")
        #expect(documents[0].publishedMilliseconds == 1_709_532_489_000)
        #expect(documents[0].headings == [ParsedDocument.Heading(offset: 0, level: 1, title: "Fährplan für März")])
        #expect(documents[0].member == nil)
        #expect(
            documents.dropFirst().map(\.member) == [
                .attachment("Plan – März.pdf", within: nil), .attachment("boats.csv", within: nil),
                .attachment("message-4.eml", within: nil),
            ])
        #expect(documents[1].text.contains("The lighthouse was built in 1871"))
        #expect(documents[1].divisions?.unit == .page)
        #expect(documents[2].text.trimmed == "Boat,Seats\nCurlew,40")
        #expect(documents[3].text.hasSuffix("Subject: About the lamp\n\nThe lamp is lit."))
        #expect(documents[0].warnings == ["The attachment log.gz was left out: files of its kind are not read."])
    }

    @Test(arguments: [
        ("=?utf-8?Q?Caf=C3=A9_au_lait?=", "Café au lait"), ("=?UTF-8?B?w6k=?= =?UTF-8?B?w6k=?=", "éé"),
        ("=?utf-8?B?8J+Y?= =?utf-8?B?gA==?= x", "😀 x"), ("=?iso-8859-1*en?q?=E9t=E9?=", "été"),
        ("a =?b? c", "a =?b? c"),
        ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"), ("Grüße", "Grüße"), ("folded\r\n  line", "folded line"),
        ("=?gb2312?B?1tDOxA==?=", "中文"),
    ])
    func `subjects are decoded`(raw: String, expected: String) async throws {
        #expect(try await documents("Subject: \(raw)\r\n\r\ntext")[0].title == expected)
    }

    @Test func `subjects in bytes of a legacy encoding are guessed`() async throws {
        let header = Array("Subject: Caf".utf8) + [0xE9] + Array(" cr".utf8) + [0xE8] + Array("me\n\ntext".utf8)
        #expect(try await documents(header)[0].title == "Café crème")
    }

    @Test(arguments: [
        ("attachment; filename=\"a b.txt\"", "a b.txt"), ("attachment; filename*=utf-8''na%C3%AFve.txt", "naïve.txt"),
        ("attachment; filename*0*=utf-8''%C3%A9t; filename*1*=%C3%A9; filename*2=.txt", "été.txt"),
        ("attachment; filename=\"=?utf-8?Q?=C3=A9.txt?=\"", "é.txt"), ("attachment; filename=../../etc/x.txt", "x.txt"),
        ("attachment; filename=C:\\dir\\y.txt", "y.txt"), ("attachment", "attachment-1.txt"),
    ])
    func `attachments are called as their senders did`(disposition: String, name: String) async throws {
        let documents = try await documents(
            """
            Subject: s
            Content-Type: multipart/mixed; boundary=b

            --b

            text
            --b
            Content-Type: text/plain
            Content-Disposition: \(disposition)

            attached
            --b--
            """)
        #expect(documents.map(\.member) == [nil, .attachment(name, within: nil)])
        #expect(documents[1].text == "attached")
    }

    @Test func `plain text goes before HTML unless it is blank`() async throws {
        let message = { (plain: String) in
            """
            Content-Type: multipart/alternative; boundary="b;1"

            preamble
            --b;1
            Content-Type: text/plain

            \(plain)
            --b;1
            Content-Type: multipart/related; boundary=c

            --c
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            <h1>T</h1><p>Caf=C3=A9 =
            au lait</p>
            --c
            Content-Type: image/png
            Content-ID: <x>

            x
            --c--
            --b;1
            Content-Type: text/calendar

            BEGIN:VCALENDAR
            --b;1--
            epilogue
            """
        }
        #expect(try await body(message("Plain.")) == "Plain.")
        #expect(try await body(message(" ")) == "# T\n\nCafé au lait")
    }

    @Test func `an invitation without words beside it is read`() async throws {
        let documents = try await documents(
            """
            Subject: Review
            Content-Type: multipart/alternative; boundary=b

            --b
            Content-Type: text/calendar; method=REQUEST

            BEGIN:VCALENDAR
            SUMMARY:Review of the locks
            END:VCALENDAR
            --b--
            """)
        #expect(documents.contains { $0.text.contains("Review of the locks") })
    }

    @Test func `flowed lines are joined`() async throws {
        let flowed = """
            Content-Type: text/plain; format=flowed

            One \ntwo
            > three \n> four
            >> five\u{20}
            > six
             From here
            --\u{20}
            Ada
            """
        #expect(try await body(flowed) == "One two\n> three four\n>> five \n> six\nFrom here\n-- \nAda")
        let japanese = "Content-Type: text/plain; format=flowed; delsp=yes\n\n日 \n本"
        #expect(try await body(japanese) == "日本")
    }

    @Test func `text is decoded by its label, unless it is Unicode under a wrong one`() async throws {
        let message = { (charset: String, bytes: [UInt8]) in
            Array("Subject: s\nContent-Type: text/plain; charset=\(charset)\n\n".utf8) + bytes
        }
        let cases: [(String, [UInt8], String)] = [
            ("iso-8859-2", [0xB1, 0xEA], "ąę"), ("koi8-r", [0xD0, 0xD2, 0xC9], "при"),
            ("iso-8859-1", Array("é".utf8), "é"),
            ("shift_jis", [0x93, 0xFA, 0x96, 0x7B], "日本"), ("no-such-charset", Array("plain".utf8), "plain"),
            ("us-ascii", Array("naïve".utf8), "naïve"),
        ]
        for (charset, bytes, expected) in cases {
            let text = try await documents(message(charset, bytes))[0].text
            #expect(text.hasSuffix("\n\n\(expected)"), "\(charset)")
        }
    }

    @Test func `encrypted parts are said, and a message of nothing else is encrypted`() async throws {
        let part = "--b\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nx\n"
        let mixed = "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n\(part)--b--\n"
        #expect(
            try await documents(mixed)[0].warnings == ["A part of it is encrypted (S/MIME) and was left out."])
        let pgp = "Subject: s\nContent-Type: multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--"
        await #expect(throws: ParseError.encrypted) { try await documents(pgp) }
        await #expect(throws: ParseError.encrypted) {
            try await documents("Subject: s\n\n-----BEGIN PGP MESSAGE-----\nabc\n-----END PGP MESSAGE-----\n")
        }
    }

    @Test func `a message that says no more than its subject is one, with a file and without`() async throws {
        let header = "From: boss@example.com\nSubject: Invoice 4711 overdue\n"
        let text = "From: boss@example.com\nSubject: Invoice 4711 overdue"
        #expect(try await documents(header + "\n \n").map(\.text) == [text])
        let mixed = """
            Content-Type: multipart/mixed; boundary=x

            --x
            Content-Type: text/plain


            --x
            Content-Type: text/plain; name=a.txt
            Content-Disposition: attachment

            attached
            --x--
            """
        let both = try await documents(header + mixed)
        #expect(both.map(\.text) == [text, "attached"])
        #expect(both[0].title == "Invoice 4711 overdue" && both[0].author == "boss@example.com")
    }

    @Test func `damaged, blank and foreign files are told apart`() async throws {
        await #expect(throws: ParseError.empty) { try await documents("Message-ID: <1@x>\n\n \n") }
        await #expect(throws: ParseError.corrupt("it does not look like a mail message")) {
            try await documents("Just a text.")
        }
        #expect(try await body("Content-Type: multipart/mixed; boundary=gone\n\ntext") == "text")
        #expect(
            try await body(
                "Content-Type: multipart/mixed; boundary=wrong\n\n--right\nContent-Type: text/plain\n\ntext\n--right--")
                == "text")
    }

    @Test func `messages within messages and parts within parts end somewhere`() async throws {
        var message = "Subject: innermost\n\ntext"
        for depth in 0..<40 {
            message = """
                Subject: \(depth)
                Content-Type: multipart/mixed; boundary=b\(depth)

                --b\(depth)

                text
                --b\(depth)
                Content-Type: message/rfc822

                \(message)
                --b\(depth)--
                """
        }
        let documents = try await documents(message)
        #expect(documents.count == 5)
        #expect(documents.flatMap(\.warnings).count == 1)
        let parts = (0..<3000).map { _ in "--b\n\nx\n" }.joined()
        let many = try await self.documents("Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n\(parts)--b--\n")
        #expect(many[0].text.split(separator: "\n").count { $0 == "x" } < 1001)
        let nested = (0..<500).map { "Content-Type: multipart/mixed; boundary=n\($0)\n\n--n\($0)\n" }.joined()
        #expect(
            try await self.documents(
                "Subject: s\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\ntext\n--m\n\(nested)x")[0]
                .warnings == ["Parts that are nested beyond all measure were left out."])
    }

    @Test(
        arguments: [
            ("Tue, 5 Mar 2024 07:08:09 +0100 (CET)", 1_709_618_889_000), ("5 Mar 2024 07:08 GMT", 1_709_622_480_000),
            ("Tue Mar  5 07:08:09 2024", 1_709_622_489_000), ("Fri, 21 Nov 97 09:55:06 EST", 880_124_106_000),
            ("Tue, 5 Mar 102 00:00:00 -0000", 1_015_286_400_000), ("yesterday", nil), ("5 Mar 2024", nil),
            ("99 Foo 2024 1:2:3", nil),
        ] as [(String, Int64?)])
    func `dates of all ages are read`(text: String, milliseconds: Int64?) {
        #expect(MailDate.milliseconds(text) == milliseconds)
    }

    @Test func `transfer encodings forgive what mail programs do`() {
        let decode = { (text: String, name: String) in
            String(decoding: TransferEncoding.decode(ArraySlice(text.utf8), name: name), as: UTF8.self)
        }
        #expect(decode("aGVs\r\nbG8=\r\naGk=", "BASE64") == "hellohi")
        #expect(decode("a=3Db=\r\nc=zz=\r\n d  \r\ne=", "quoted-printable") == "a=bc=zz d\ne")
        #expect(decode("x\nbegin 644 a.txt\n%:&5L;&\\ \n`\nend\n", "x-uuencode") == "hello")
        #expect(decode("as it is", "8bit") == "as it is")
    }
}
