import Domain
import OrderedJSON
import Testing

@testable import HTTPAPI

@Suite struct FormFieldsTests {
    private func object(_ fields: [(String, String)]) -> JSON {
        var form = FormFields()
        for (name, value) in fields { form.append(value, to: name) }
        return .object(form.object)
    }

    @Test func `a field is a text, and an array when it is repeated`() {
        #expect(object([("a", "1")]) == ["a": "1"])
        #expect(object([("a", "1"), ("b", ""), ("a", "2"), ("a", "3")]) == ["a": ["1", "2", "3"], "b": ""])
    }

    @Test func `brackets make objects and arrays`() {
        #expect(
            object([("metadata[title]", "X"), ("metadata[docAuthor]", "Y")])
                == ["metadata": ["title": "X", "docAuthor": "Y"]])
        #expect(object([("a[b][c]", "1"), ("a[b][d]", "2")]) == ["a": ["b": ["c": "1", "d": "2"]]])
        #expect(object([("tags[]", "1"), ("tags[]", "2")]) == ["tags": ["1", "2"]])
        #expect(object([("a[__proto__]", "1")]) == ["a": ["__proto__": "1"]])
    }

    @Test func `a text that is a JSON object is merged with brackets, in either order`() {
        let text = #"{"title":"T","docAuthor":"A"}"#
        let merged: JSON = ["metadata": ["title": "X", "docAuthor": "A"]]
        #expect(object([("metadata", text), ("metadata[title]", "X")]) == merged)
        #expect(object([("metadata[title]", "X"), ("metadata", text)]) == merged)
        #expect(object([("metadata", "no JSON"), ("metadata[title]", "X")]) == ["metadata": ["title": "X"]])
    }

    @Test(arguments: ["[x]", "a[b", "a]b[", "a[b]c", "a[[b]]", "a[1][2][3][4][5]", "[]"])
    func `brackets out of order are part of the name`(name: String) {
        var form = FormFields()
        form.append("1", to: name)
        #expect(form[name] == "1")
    }
}
