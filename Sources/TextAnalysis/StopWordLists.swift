/// Words that are everywhere in a language, without accents and apostrophes: sharing one says nothing, and a text that holds
/// many of them is in that language.
extension TextLanguage {
    package var stopWords: Set<String> { Self.stopWordSets[self] ?? [] }

    private static let stopWordSets: [TextLanguage: Set<String>] = stopWordLists.mapValues { list in
        Set(list.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    private static let stopWordLists: [TextLanguage: String] = [
        .english: """
        a about after again all also am an and any are as at be because been before being between both but by can could did
        do does doing down during each few for from further had has have having he her here hers him his how i if in into is
        it its just me more most my no nor not now of off on once only or other our out over own same she should so some such
        than that the their them then there these they this those through to too under until up very was we were what when
        where which while who whom whose why will with would you your dont doesnt isnt im ive whats tell please
        """,
        .german: """
        aber als am an auch auf aus bei beim bin bis bist da damit dann das dass dem den der des die dies diese diesem diesen
        dieser dieses doch du durch ein eine einem einen einer eines er es etwas fur hat hatte haben hier ich ihm ihn ihr ihre im
        in ist ja jede kann kein keine konnen man mein mit muss nach nicht noch nur ob oder ohne sehr sein seine sich sie sind so
        soll sowie uber um und uns unter vom von vor war waren warum was welche welcher welches wenn wer werden wie wird wo wurde
        wurden zu zum zur zwischen
        """,
        .french: """
        a ai au aux avec ce cela ces cet cette comme comment dans de des donc dont du elle elles en est et etait etre eux il ils
        je la le les leur leurs lui ma mais me meme mes moi mon ne nos notre nous on ont ou par pas peut plus pour quand que quel
        quelle quelles quels qui sa sans se ses si son sont sous sur ta te tes toi ton tres tu un une vos votre vous y
        """,
        .spanish: """
        a al ante como con cual cuando cuanto de del desde donde dos el ella ellas ellos en entre era es esa ese eso esta estan
        estas este esto estos fue ha hay hasta la las le les lo los mas me mi muy no nos o otra otro para pero por porque que quien
        se segun ser si sin sobre son su sus tambien tiene todo todos un una uno unos y ya yo
        """,
        .portuguese: """
        a ao aos as ate com como da das de dela dele do dos e ela elas ele eles em entre era essa esse esta este eu foi ha isso
        isto ja mais mas me mesmo muito na nao nas nem no nos num numa o os ou para pela pelas pelo pelos por porque quando que
        quem qual se sem ser seu seus sao so sua suas tambem tem um uma voce
        """,
        .italian: """
        a ad ai al alla alle anche che chi ci come con cosa cui da dagli dai dal dalla dalle dei del della delle dello di dove due
        e ed era essere fra gli ha hanno i il in io la le lei lo loro lui ma mi mio ne nei nel nella nelle noi non o ogni per
        perche piu quale quando quella quelle quello questa queste questi questo se sei si sia sono sta su sua sue sui sul sulla
        suo tra tu tutti tutto un una uno vi voi
        """,
        .dutch: """
        aan al alle als ben bij daar dan dat de der deze die dit doch doen door dus een en er ge geen had hebben heeft hem het hier
        hij hoe hun iets ik in is ja je kan maar me meer men met mij mijn moet na naar niet niets nog nu of om omdat ons ook op over
        te tegen toch toen tot u uit uw van veel voor want waren was wat we wel werd wie wij worden wordt ze zei zich zij zijn zo
        zonder zou
        """,
        .swedish: """
        alla allt an anda att av bara blev bli blir da dar de dem den denna deras dess dessa det detta dig din du efter ej eller en
        er ett fran for ha hade han hans har henne hennes hon honom hur har i icke inte ja jag kan kunde man med mellan men mig min
        mot mycket nagon nagot nar ni nu och om oss pa sa samma sedan sig sin sina sitt skulle som till ut upp under utan vad var
        vara varit vem vi vid vilka vilken vill
        """,
        .danish: """
        af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din disse du efter eller en end er et
        for fra ham han hans har havde have hende hendes her hos hun hvad hvis hvor i ikke ind jeg jer jo kunne man mange med meget
        men mig min mod nar ned noget nogle nu og ogsa om op os over pa selv sig sin sine skal skulle som sadan thi til ud under
        var vi vil ville vor vaere vaeret
        """,
        .norwegian: """
        alle at av bare begge ble blir da de deg dei dem den denne der dere deres det dette din disse du eller en enn er et ett
        etter for fordi fra ha hadde han hans har hennes her hun hva hvem hver hvilken hvis hvor hvordan hvorfor i ikke ingen inn
        ja jeg kan kom kun kunne man mange med meg meget mellom men min mitt mot mye na nar noe noen nok og ogsa om opp oss over
        pa sa seg selv sin sine skal skulle slik som til ut uten var vi vil ville vaere vaert
        """,
        .finnish: """
        ei eivat emme en et ette etta han hanen he heidan ja joka jonka jos jotka kanssa koska kuin kuka kun me meidan mika mina
        minka minun missa mita mitka mukaan mutta myos ne niin niita niiden noin nyt nama oli olivat olisi olla on ovat poikki
        se sen siella siina sita sina taas tai tassa tama taman tata vaan vai vain vaikka voi yli
        """,
        .hungarian: """
        a abban ahhoz ahogy aki akik akkor alatt altal amely amelyek ami az azok azon azonban azt be benne bar csak de e eddig egy
        egyes egyik ekkor el ellen elott en es ez ezek ezen ezert ezt ez fel fel ha hanem hogy hogyan igen igy illetve is itt
        jobban kell keresztul ki kivul kozott kozul legyen lehet lenne lesz lett maga meg mert mi mikor milyen minden mint mit
        mivel mely most nagy nagyon ne nem neha nekem nelkul olyan ott ossze pedig s sem sok szamara szerint szinte talan tehat
        tobb ugy ugyanis utan vagy van vannak volt voltak vissza
        """,
        .romanian: """
        a acea aceasta aceste acest acestei acestor acestui ai al ale am ar are as asa asupra au aveau ca care cat ce cea cei cele
        cel cine cu cum da daca dar de deci din dintre doar dupa e ea ei el este eu fara fi fie fost in insa intr intre isi la le
        lor lui mai mult ne nici nu o ori pe pentru prin sa sau se si sunt sub te toate tot un una unde unei unor unui va
        """,
        .catalan: """
        a aixo al als amb aquest aquesta aquests aquestes aquell com de del dels des doncs el ella ells els em en entre era es
        esta estan et fins ha han hi i la les li ho mes meu molt ne ni no nosaltres o on pel pels per pero perque qual quan que
        qui sense ser seu seus seva si sobre son sota tambe te tot un una uns
        """,
        .indonesian: """
        ada adalah agar akan aku anda antara apa apakah atas atau bagi bahwa banyak beberapa belum bisa dalam dan dapat dari
        dengan di dia harus hanya ia ini itu jika juga kami kamu karena ke kepada kita lagi lain lebih maka mereka namun oleh pada
        para saat saja saya sebagai sebuah secara sedang sejak sekarang semua seorang seperti serta setelah sudah suatu telah
        tentang tersebut tetapi tidak untuk yaitu yang
        """,
        .lithuanian: """
        ant apie ar arba as ar bei bet bus buti buvo cia dar del gali i is ir ja jau jei jie jis jo jos ju kad kai kaip kas kiek
        kuri kurie kurio kuris kurios kuriu labai mes mano ne nei nes nera nors nuo o pagal pas per po prie savo su tai taip tarp
        tas tik to toks tuo uz yra
        """,
        .turkish: """
        acaba ama ancak artik bana bazi belki ben bir birkac biz bu cok cunku da daha de defa degil diye en gibi hem hep her hic
        icin ile ise ki kim mi mu nasil ne neden nerede niye o olan olarak oldu olur onlar onun sanki sey siz sonra su tum ve veya
        ya yani
        """,
        .russian: """
        а без бы был была были было быть в вам вас во все вы где да для до его ее если есть еще же за здесь и из или им их к как
        какая какие какой когда кто ли мне можно мои мы на над не нет но о об он она они от очень по под при с сколько со так также
        то того только у уже что чтобы это этого этой этот я
        """,
        .serbian: """
        а али ако без би био била било бити велики већ да до за зато и из или им их је јер још као када ко која које који ли међу
        на након није о од он она они оно по под пре са се си смо су сте та тада тако те то тог у уз што
        """,
        .greek: """
        αλλα αν απο για δεν ειναι εναν ενα ενας επι εως η ηταν θα και κατα με μετα μη μια να ο οι οπως οταν οτι ου που προς σαν
        σε στα στη στην στις στο στον στους στων τα τη την της τι τις το τον του τους των ως
        """,
        .arabic: """
        ان او اي اذا الا التي الذي الى اما انه بعد بين تم ثم حتى حيث خلال ذلك على عن عند غير في فيها قبل قد كان كانت كل كما كم
        لا لم لن له لها ليس ما مع من منذ هذا هذه هل هو هي و وقد ولا
        """,
        .hindi: """
        और का की के को में है हैं यह वह से पर ने तो भी ही था थी थे कि जो एक इस उस लिए कर करने होता होती नहीं या अपने क्या
        """,
    ]
}
