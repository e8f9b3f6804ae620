import Engine
import Testing

@Suite struct DotEnvFileTests {
    @Test func `values are read as dotenv reads them`() {
        let file = DotEnvFile(
            """
            # a comment
            A=1
            export B = two words # comment
            C='single # \\n "quoted"'
            D="double \\"quoted\\" \\n line # no comment"
            E=`it's "both"`
            F=http://x/#part
            G=
            H='two
            lines'
            this is nothing
            A=3
            I="never closed
            J=ok
            """)
        #expect(
            file.values == [
                "A": "3", "B": "two words", "C": #"single # \n "quoted""#,
                "D": "double \"quoted\" \n line # no comment",
                "E": #"it's "both""#, "F": "http://x/#part", "G": "", "H": "two\nlines", "J": "ok",
            ])
    }

    @Test(arguments: [
        "", "plain", "it's", #"say "hi""#, #"it's "both""#, #"' " ` \n \"#, "two\nlines", "#sign", " spaces ",
    ])
    func `what is written is read back`(value: String) {
        var file = DotEnvFile("")
        file.set("KEY", to: value)
        #expect(DotEnvFile(file.text).values == ["KEY": value])
    }

    @Test func `a value is replaced where it stands`() {
        var file = DotEnvFile("# first\nA=1\nB=2\nA=3\n")
        file.set("A", to: "4")
        file.set("C", to: "5")
        file.remove("B")
        #expect(file.text == "# first\nA='4'\nC='5'\n")
    }
}
