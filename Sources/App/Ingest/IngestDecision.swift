import Domain

/// What is to be done about a file, by what the library holds of its bytes.
enum IngestDecision: Equatable {
    case upload
    /// Nothing need be sent.
    ///
    /// - `missing`: by workspace, the documents of the file that are not in it.
    /// - `elsewhere`: where the document lies that stands for the file, when that was not made of the file itself.
    case keep(missing: [String: [String]], elsewhere: String?)
}

/// Decides what is to be sent.
struct IngestDecider: Sendable {
    /// Slugs of the workspaces that the documents are to be in.
    var workspaces: [String] = []
    var duplicates = Ingestion.DuplicatePolicy.replace

    /// - Parameters:
    ///   - known: documents of the same bytes, whatever they were sent as.
    ///   - taken: the places of all files that are looked after. A document in one of them stands for the file there.
    func decide(
        _ place: LibraryPlace, known: [KnownDocument], taken: Set<LibraryPlace.Key>
    ) -> IngestDecision {
        let own = known.filter { $0.place == place.key }
        if !own.isEmpty { return .keep(missing: missing(own), elsewhere: nil) }
        // Who wants each version kept wants each file kept, too.
        guard duplicates != .keep else { return .upload }
        // How a file is read depends on its extension, so that a document of another one may be another text.
        let foreign = known.filter { document in
            !document.isOfLink && !taken.contains(document.place)
                && Self.fileExtension(document.place.fileName) == Self.fileExtension(place.fileName)
        }
        guard let first = foreign.first else { return .upload }
        return .keep(missing: missing(foreign.filter { $0.place == first.place }), elsewhere: first.location)
    }

    private func missing(_ documents: [KnownDocument]) -> [String: [String]] {
        var missing: [String: [String]] = [:]
        for workspace in workspaces {
            let absent = documents.filter { !$0.workspaces.contains(workspace) }.map(\.location)
            if !absent.isEmpty { missing[workspace] = absent }
        }
        return missing
    }

    private static func fileExtension(_ name: String) -> String {
        name.lastIndex(of: ".").map { name[$0...].lowercased() } ?? ""
    }
}
