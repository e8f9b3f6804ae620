import BERT
import Foundation

/// What can be said of the embedding model before it is loaded.
enum ModelCheck {
    /// What is wrong, and how to mend it; `nil` where the folder holds what a model consists of.
    static func problem(with folder: String) -> String? {
        do throws(BERTError) {
            try BERTModel.check(folder: folder)
            return nil
        } catch {
            return "the embedding model in \(folder) cannot be used: \(sentence(error)). "
                + "`script/fetch-model` brings it; --model names another folder."
        }
    }

    /// An error's description without its full stop, to stand inside another sentence.
    static func sentence(_ error: BERTError) -> String {
        var text = "\(error)"
        while text.last == "." { text.removeLast() }
        return text
    }
}
