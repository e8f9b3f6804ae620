import Domain

extension RTFReader {
    /// A control word within text.
    mutating func textWord(_ name: String, _ parameter: Int?) {
        switch name {
        case "par", "sect": if state.destination == .text { endParagraph() }
        case "pard": state.paragraph = RTFState.Paragraph()
        case "plain":
            state.font = nil
            state.isHidden = false
            state.isDeleted = false
            state.isRaised = false
        case "super": state.isRaised = parameter != 0
        case "up": state.isRaised = (parameter ?? 6) > 0
        case "nosupersub", "sub": state.isRaised = false
        case "f": state.font = parameter
        case "v": state.isHidden = parameter != 0
        case "deleted": state.isDeleted = parameter != 0
        case "uc": state.unicodeSkip = min(max(0, parameter ?? 1), 100)
        default: if state.destination == .text { paragraphWord(name, parameter) }
        }
    }

    private mutating func paragraphWord(_ name: String, _ parameter: Int?) {
        let flow = flows.count - 1
        switch name {
        case "s": state.paragraph.style = parameter ?? 0
        case "outlinelevel": state.paragraph.outlineLevel = parameter
        case "ls": state.paragraph.isListed = (parameter ?? 0) != 0
        case "ilvl": state.paragraph.listLevel = parameter ?? 0
        case "intbl": state.paragraph.isInTable = true
        case "itap": state.paragraph.tableDepth = parameter ?? 1
        case "trowd": flows[flow].beginRow()
        case "cell": flows[flow].endCell()
        case "row": flows[flow].endRow()
        case "nestcell": flows[flow].endNestedCell()
        default: break
        }
    }
}

/// The control words that lead text somewhere else, or are characters.
enum RTFWords {
    enum Destination {
        case skipped
        /// A text twice, for programs of before Unicode and for others.
        case both
        /// The second of these.
        case unicode
        case note
        case textBox
        case listText
        case other(RTFState.Destination)
    }

    static let destinations: [String: Destination] = {
        let skipped = [
            "pict", "nonshppict", "objdata", "objclass", "objname", "objalias", "objsect", "colortbl", "filetbl",
            "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "header", "headerl", "headerr",
            "headerf",
            "footer", "footerl", "footerr", "footerf", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn",
            "xe",
            "rxe", "tc", "tcn", "pn", "fldinst", "bkmkstart", "bkmkend", "annotation", "atnid", "atnauthor", "atntime",
            "atnicn", "atnref", "atrfstart", "atrfend", "atnparent", "atndate", "template", "sp", "shprslt", "private",
            "docvar", "xmlnstbl", "userprops", "themedata", "colorschememapping", "datastore", "latentstyles",
            "mmathPr",
            "mmathPict", "nonesttables", "falt", "panose", "fname", "fontemb", "fontfile", "formfield", "ffname",
            "operator",
            "keywords", "category", "manager", "company", "hlinkbase", "revtim", "printim", "buptim", "passwordhash",
            "blipuid", "picprop", "htmltag", "mhtmltag", "stylesheetsi", "wgrffmtfilter", "oldcprops", "oldpprops",
            "oldtprops", "oldsprops", "protusertbl", "gridtbl", "background", "do", "fonttype", "comment", "vern",
            "nextfile",
        ]
        var words = Dictionary(uniqueKeysWithValues: skipped.map { ($0, Destination.skipped) })
        words["upr"] = .both
        words["ud"] = .unicode
        words["footnote"] = .note
        words["shptxt"] = .textBox
        words["dptxbxtext"] = .textBox
        words["pntext"] = .listText
        words["listtext"] = .listText
        words["fonttbl"] = .other(.fontTable)
        words["stylesheet"] = .other(.styleSheet)
        words["creatim"] = .other(.creationTime)
        words["nesttableprops"] = .other(.nestedTable)
        words["title"] = .other(.property(.title))
        words["author"] = .other(.property(.author))
        words["subject"] = .other(.property(.subject))
        words["doccomm"] = .other(.property(.comment))
        // The group of an old drawing may hold a text box, which is text again.
        words["do"] = nil
        return words
    }()

    /// Words of groups that may be passed over and are not: shapes that hold text, formulas, styles of characters.
    static let knownOptional: Set<String> = [
        "shpinst", "do", "moMath", "moMathPara", "mr", "mf", "mnum", "mden", "mrad", "mdeg", "me", "msSub", "msSup",
        "msSubSup", "msub", "msup", "mnary", "md", "mfunc", "mfName", "mlimLow", "mlimUpp", "mlim", "mm", "mmr", "macc",
        "mbar", "mbox", "mborderBox", "meqArr", "mgroupChr", "mphant", "msPre", "cs", "ts", "ds",
    ]

    static let characters: [String: String] = [
        "tab": "\t", "line": "\n", "lbr": "\n", "page": "\n", "column": "\n", "softline": "\n", "emdash": "—",
        "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ", "bullet": "•", "lquote": "‘", "rquote": "’",
        "ldblquote": "“", "rdblquote": "”", "zwj": "\u{200D}", "zwnj": "\u{200C}",
    ]
}
