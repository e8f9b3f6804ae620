import Domain

/// What a document is said to be where neither its client nor the file itself tells; the words are the wire's.
struct DocumentDefaults: Sendable {
    var author: String
    var description: String
    var source: String

    static let rawText = DocumentDefaults(
        author: "no author specified", description: "no description found", source: "no source set")

    static let page = DocumentDefaults(
        author: "no author found", description: "No description found.", source: "URL link uploaded by the user.")

    /// By what kind of file it was.
    static func file(named name: String) -> DocumentDefaults {
        switch fileExtension(of: name) {
        case "pdf":
            DocumentDefaults(
                author: "no author found", description: "No description found.",
                source: "pdf file uploaded by the user.")
        case "docx", "docm", "dotx", "dotm":
            DocumentDefaults(
                author: "no author found", description: "No description found.",
                source: "docx file uploaded by the user.")
        case "png", "jpg", "jpeg", "webp", "tiff", "tif", "gif", "bmp":
            DocumentDefaults(author: "Unknown", description: "Unknown", source: "image file uploaded by the user.")
        case "odt", "ott", "fodt", "odp", "otp", "fodp":
            DocumentDefaults(
                author: "no author found", description: "No description found.",
                source: "Office file uploaded by the user.")
        case "ods", "ots", "fods":
            DocumentDefaults(author: "Unknown", description: "Unknown", source: "an ods file uploaded by the user.")
        case "rtf":
            DocumentDefaults(
                author: "no author found", description: "No description found.",
                source: "rtf file uploaded by the user.")
        case "epub":
            DocumentDefaults(author: "Unknown", description: "Unknown", source: "epub file uploaded by the user.")
        case "mbox", "mbx":
            DocumentDefaults(
                author: "no author found", description: "No description found.",
                source: "Mbox message file uploaded by the user.")
        case "eml", "mht", "mhtml":
            DocumentDefaults(
                author: "no author found", description: "No description found.",
                source: "mail message file uploaded by the user.")
        case "pptx", "pptm", "potx", "potm", "ppsx", "ppsm", "ppt", "pps", "pot", "doc", "dot":
            DocumentDefaults(
                author: "no author found", description: "No description found.",
                source: "Office file uploaded by the user.")
        case "wav", "wave", "mp3", "mpga", "ogg", "oga", "opus", "spx", "m4a", "m4b", "webm", "weba", "mp4", "m4v",
            "mpeg",
            "mpg", "flac", "aac", "aiff", "aif", "aifc", "amr", "caf", "au", "snd", "wma", "wmv", "asf", "mov", "qt",
            "mkv",
            "mka", "avi", "3gp", "3g2", "mts", "m2ts", "flv":
            DocumentDefaults(
                author: "no author found", description: "No description found.",
                source: "audio file uploaded by the user.")
        // What a sheet is described as depends on its name.
        case "xlsx", "xlsm", "xltx", "xltm", "xls", "xlt":
            DocumentDefaults(author: "Unknown", description: "Unknown", source: "an xlsx file uploaded by the user.")
        default:
            DocumentDefaults(author: "Unknown", description: "Unknown", source: "a text file uploaded by the user.")
        }
    }

    /// In lower case, without the dot; empty where there is none.
    static func fileExtension(of name: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }
}
