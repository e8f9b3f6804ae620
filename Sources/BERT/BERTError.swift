/// Why a model could not be loaded. Names files relative to the model's folder, never by their full path.
package enum BERTError: Error, Sendable, Equatable {
    case folderMissing
    case fileMissing(String)
    /// The file exists but cannot be used as what it says it is; the reason is for people.
    case damaged(file: String, reason: String)
    /// A sound model of a kind that this encoder does not compute; the text says which.
    case unsupported(String)
}

extension BERTError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .folderMissing: "The folder of the embedding model does not exist."
        case .fileMissing(let file): "The embedding model has no file \(file)."
        case .damaged(let file, let reason): "The embedding model's file \(file) is damaged: \(reason)."
        case .unsupported(let what): "The embedding model cannot be used: \(what)."
        }
    }
}
