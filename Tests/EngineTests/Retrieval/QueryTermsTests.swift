import Testing

@testable import Engine

@Suite struct QueryTermsTests {
    @Test(arguments: [
        // A chunk that was taken for French must not be found by the words that English ones leave out.
        ("What is the price of the pump?", "fr", "en", ["pric", "pump"]),
        ("nickel of the alloy", "fr", "en", ["nickel", "alloy"]),
        (
            "Was kostet die neue Pumpe im Hafen von Hamburg?", "en", "en",
            ["kostet", "neue", "pump", "hafen", "hamburg"]
        ),
        ("Was kostet die neue Pumpe im Hafen von Hamburg?", "de", "en", ["kostet", "neu", "pump", "haf", "hamburg"]),
        // Too few words to be sure of: the texts tell.
        ("die hard 2", "en", "en", ["die", "hard", "2"]), ("die hard 2", "en", "de", ["die", "hard", "2"]),
        ("Quel but la France a-t-elle marqué contre cette équipe ?", "fr", "en", ["but", "franc", "marqu", "equip"]),
    ])
    func `what is everywhere in the question's language asks for nothing`(
        question: String, language: String, commonest: String, expected: [String]
    ) {
        let terms = Set(QueryTerms(question).terms(in: language, commonest: commonest).keys)
        #expect(terms.isSuperset(of: expected), "\(terms)")
        #expect(
            terms.isDisjoint(with: Set(["the", "of", "is", "what", "was", "die", "im", "von"]).subtracting(expected)),
            "\(terms)")
    }
}
