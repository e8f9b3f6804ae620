import Synchronization

/// A model that is loaded once, by whoever needs it first; the others wait. A failure is tried again.
final class LazyModel<Model: Sendable>: Sendable {
    private let load: @Sendable () throws(BERTError) -> Model
    private let model = Mutex<Model?>(nil)

    init(_ load: @escaping @Sendable () throws(BERTError) -> Model) { self.load = load }

    func get() throws(BERTError) -> Model {
        try model.withLock { model throws(BERTError) in
            if let model { return model }
            let loaded = try load()
            model = loaded
            return loaded
        }
    }
}
