/// What characters become in slugs, after the conventions of the npm package `slugify` 1.6 whose results clients know.
///
/// Keys compare by canonical equivalence, as Swift's characters do, so that a letter and its decomposed spelling (as in
/// file names of macOS) are the same entry.
enum SlugTable {
    static let replacements: [Character: String] = {
        var table = symbols
        for row in accentedLatin {
            guard let base = row.first else { continue }
            for letter in row.dropFirst() { add(letter, String(base), upper: base.uppercased(), to: &table) }
        }
        for (letter, value) in [otherLatin, greek, cyrillicCapitals, armenian].flatMap(pairs) {
            add(letter, value, upper: value.uppercased(), to: &table)
        }
        for (letter, value) in pairs(cyrillic) {
            add(letter, value, upper: value.prefix(1).uppercased() + value.dropFirst(), to: &table)
        }
        for (letter, value) in pairs(georgian) + pairs(arabic) { table[letter] = value }
        return table
    }()

    private static func add(
        _ letter: Character, _ value: String, upper: String, to table: inout [Character: String]
    ) {
        table[letter] = value
        // Some capitals are two letters (ŉ), which never come as one character.
        let capital = letter.uppercased()
        if capital.count == 1, let capital = capital.first, capital != letter { table[capital] = upper }
    }

    /// Reads `ш=sh ы=y`.
    private static func pairs(_ text: String) -> [(Character, String)] {
        text.split(whereSeparator: \.isWhitespace).compactMap { pair in
            pair.first.map { ($0, String(pair.dropFirst(2))) }
        }
    }

    /// The base letter, then the letters that decompose to it with marks (Unicode Character Database, 15.0, field
    /// Decomposition_Mapping, up to U+1EFF).
    private static let accentedLatin = [
        "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
        "bḃḅḇ",
        "cçćĉċčḉ",
        "dďḋḍḏḑḓ",
        "eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
        "fḟ",
        "gĝğġģǧǵḡ",
        "hĥȟḣḥḧḩḫẖ",
        "iìíîïĩīĭįǐȉȋḭḯỉị",
        "jĵǰ",
        "kķǩḱḳḵ",
        "lĺļľḷḹḻḽ",
        "mḿṁṃ",
        "nñńņňǹṅṇṉṋ",
        "oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ",
        "pṕṗ",
        "rŕŗřȑȓṙṛṝṟ",
        "sśŝşšșṡṣṥṧṩ",
        "tţťțṫṭṯṱẗ",
        "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
        "vṽṿ",
        "wŵẁẃẅẇẉẘ",
        "xẋẍ",
        "yýÿŷȳẏẙỳỵỷỹ",
        "zźżžẑẓẕ",
    ]

    /// Letters without a decomposition.
    private static let otherLatin = "ß=ss æ=ae œ=oe ø=o ð=d þ=th đ=dj ħ=h ı=i ł=l ŧ=t ŋ=n ƒ=f ə=e ǳ=dz ǆ=dz ǉ=lj ǌ=nj"

    /// As it is typed with a Latin keyboard ("Greeklish"), hence the digits.
    private static let greek = """
        α=a β=b γ=g δ=d ε=e ζ=z η=h θ=8 ι=i κ=k λ=l μ=m ν=n ξ=3 ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=x ψ=ps ω=w
        ά=a έ=e ή=h ί=i ό=o ύ=y ώ=w ϊ=i ϋ=y ΐ=i ΰ=y
        """

    private static let cyrillic = """
        а=a б=b в=v г=g д=d е=e ё=yo ж=zh з=z и=i й=j к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=c ч=ch ш=sh
        щ=sh ъ=u ы=y ь= э=e ю=yu я=ya є=ye і=i ї=yi ґ=g ў=u ѓ=gj ќ=kj ѕ=dz ѣ=ye ѫ=u ј=j ћ=c
        """

    /// Serbian and Kazakh letters, whose capitals are transliterated in capitals throughout.
    private static let cyrillicCapitals = """
        ђ=dj љ=lj њ=nj џ=dz ғ=gh қ=kh ң=ng ү=ue ұ=u һ=h ә=ae ө=oe
        """

    private static let georgian = """
        ა=a ბ=b გ=g დ=d ე=e ვ=v ზ=z თ=t ი=i კ=k ლ=l მ=m ნ=n ო=o პ=p ჟ=zh რ=r ს=s ტ=t უ=u ფ=f ქ=k ღ=gh ყ=q შ=sh ჩ=ch
        ც=ts ძ=dz წ=ts ჭ=ch ხ=kh ჯ=j ჰ=h
        """

    private static let armenian = """
        ա=a բ=b գ=g դ=d ե=e զ=z է=e ը=y թ=t ժ=jh ի=i լ=l խ=x ծ=c կ=k հ=h ձ=d ղ=gh ճ=tw մ=m յ=y ն=n շ=sh ո=o չ=ch պ=p ջ=j
        ռ=r ս=s վ=v տ=t ր=r ց=c ւ=u փ=p ք=q օ=o ֆ=f և=ev
        """

    /// Arabic, then what Persian adds; short vowels are marks on the letter before.
    private static let arabic = """
        ء=a آ=aa أ=a ؤ=u إ=i ئ=e ا=a ب=b ة=h ت=t ث=th ج=j ح=h خ=kh د=d ذ=th ر=r ز=z س=s ش=sh ص=s ض=dh ط=t ظ=z ع=a غ=gh
        ف=f ق=q ك=k ل=l م=m ن=n ه=h و=w ى=a ي=y
        پ=p چ=ch ژ=zh ک=k گ=g ی=y
        ٠=0 ١=1 ٢=2 ٣=3 ٤=4 ٥=5 ٦=6 ٧=7 ٨=8 ٩=9 ۰=0 ۱=1 ۲=2 ۳=3 ۴=4 ۵=5 ۶=6 ۷=7 ۸=8 ۹=9
        """

    private static let symbols: [Character: String] = [
        "$": "dollar", "%": "percent", "&": "and", "<": "less", ">": "greater", "|": "or",
        "¢": "cent", "£": "pound", "¤": "currency", "¥": "yen", "€": "euro", "₢": "cruzeiro", "₣": "french franc",
        "₤": "lira", "₥": "mill", "₦": "naira", "₧": "peseta", "₨": "rupee", "₩": "won", "₪": "new shequel",
        "₫": "dong", "₭": "kip", "₮": "tugrik", "₯": "drachma", "₰": "penny", "₱": "peso", "₲": "guarani",
        "₳": "austral", "₴": "hryvnia", "₵": "cedi", "₸": "kazakhstani tenge", "₹": "indian rupee",
        "₺": "turkish lira", "₽": "russian ruble", "₿": "bitcoin", "﷼": "rial", "元": "yuan", "円": "yen",
        "©": "(c)", "®": "(r)", "™": "tm", "℠": "sm", "ª": "a", "º": "o", "˚": "o", "∂": "d", "∆": "delta", "∑": "sum",
        "∞": "infinity", "♥": "love", "†": "+", "•": "*", "…": "...", "–": "-", "—": "-",
        "‘": "'", "’": "'", "“": "\"", "”": "\"", "„": "\"", "ẞ": "SS",
        "İ": "I", "ǈ": "LJ", "ǋ": "NJ", "ѝ": "u", "฿": "baht", "₠": "ecu", "ﻵ": "laa", "ﻷ": "laa", "ﻹ": "lai",
        "ﻻ": "la",
        // Vowel marks of Arabic.
        "\u{64B}": "an", "\u{64C}": "on", "\u{64D}": "en", "\u{64E}": "a", "\u{64F}": "u", "\u{650}": "e",
    ]
}
