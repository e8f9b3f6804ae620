package import Domain
import HTTPTypes
package import Hummingbird
import Synchronization

/// What a request carries on its way to its handler.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package private(set) var caller = Caller.nobody
    /// Why a credential that was shown lets nobody in, for people; `nil` where none was shown.
    var refusedCredential: String?
    /// The caller once more, for whoever records the request: it is known further inside.
    let recordedCaller = RecordedCaller()

    package init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }

    mutating func identify(_ caller: Caller) {
        self.caller = caller
        recordedCaller.caller = caller
    }

    /// A path parameter, percent-decoded. Names are in lower case, for paths are matched without regard to case.
    func parameter(_ name: String) throws -> String {
        guard let raw = parameters.get(name), let decoded = raw.percentDecoded else {
            throw HTTPError(.badRequest, message: "The address is not percent-encoded correctly.")
        }
        return decoded
    }

    /// An id in the path; `nil` for what is none: ids are written in digits alone.
    func id(_ name: String) throws -> Int64? {
        let text = try parameter(name)
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let id = Int64(text), id > 0 else { return nil }
        return id
    }
}

final class RecordedCaller: Sendable {
    private let state = Mutex(Caller.nobody)

    var caller: Caller {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
