/// Words so common that sharing them says nothing, question words among them.
package enum StopWords {
    /// As `LexicalTerms` folds them: lower case, without accents and apostrophes.
    package static let all: Set<String> = {
        let lists = [english, german, french, spanish, russian]
        return Set(lists.flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) })
    }()

    private static let english = """
        a about after again all also am an and any are as at be because been before being between both but by can could did
        do does doing down during each few for from further had has have having he her here hers him his how i if in into is
        it its just me more most my no nor not now of off on once only or other our out over own same she should so some such
        than that the their them then there these they this those through to too under until up very was we were what when
        where which while who whom whose why will with would you your dont doesnt isnt im ive whats tell please explain must may
        """
    private static let german = """
        aber als am an auch auf aus bei bin bis bist da damit dann das dass dem den der des die dies diese dieser dieses doch
        du durch ein eine einem einen einer eines er es fur hat haben hier ich ihr ihre im in ist ja kann kein keine mein mit
        muss nach nicht noch nur oder seine sich sie sind so soll uber um und uns unter vom von vor war waren warum was welche
        welcher welches wenn wer werden wie wird wo wurde zu zum zur viel viele
        """
    private static let french = """
        au aux avec ce ces cette comment dans de des du elle en est et eux il ils je la le les leur lui ma mais me meme mes moi
        mon ne nos notre nous on ou par pas pour qu quand que quel quelle quelles quels qui sa sans se ses son sont sur ta te
        tes toi ton tu un une vos votre vous y combien pourquoi
        """
    private static let spanish = """
        al como con cual cuando cuanto cuantos de del desde donde el ella ellos en entre era es esta este esto la las lo los mas
        mi muy no o para pero por porque que quien se ser si sin sobre son su sus tiene un una uno unos y ya
        """
    private static let russian = """
        а без бы был была были было быть в вам вас во все вы где да для до его ее если есть еще же за и из или им их к как
        какая какие какой когда кто ли мне мы на над не нет но о об он она они от по под при с сколько со так то того только
        у уже чем что чтобы это этого этой этот я
        """
}
