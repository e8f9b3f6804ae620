import Domain
import OrderedJSON

/// What a parser found, as columns of `content` hold it. The keys are the codec's own.
extension Content {
    init(_ row: any SQLRow) throws {
        let parsed = ParsedDocument(
            text: try row.get("text"), divisions: Divisions(stored: try row.get("divisions", as: JSON.self)),
            columnNames: try row.get("column_names"), headings: try row.get("headings", as: JSON.self).headings,
            title: try row.get("title"), author: try row.get("author"), description: try row.get("description"),
            publishedMilliseconds: try row.get("published_at"),
            member: try row.get("member", as: JSON?.self).flatMap(ParsedDocument.Member.init(stored:)),
            warnings: try row.get("warnings", as: JSON?.self)?.arrayValue?.compactMap(\.stringValue) ?? [])
        self.init(
            id: try row.get("id"), parsed: parsed, wordCount: try row.get("word_count"),
            tokenCount: try row.get("token_count"), createdAt: try row.get("created_at"))
    }
}

extension Divisions {
    var stored: JSON {
        let starts = JSON.array(starts.map { JSON($0) })
        return unit == .page && firstNumber == 1
            ? starts : ["unit": .string(unit.rawValue), "first": JSON(firstNumber), "starts": starts]
    }

    /// An array alone is of pages; `nil` for an empty one.
    init?(stored: JSON) {
        let starts = (stored["starts"] ?? stored).arrayValue ?? []
        guard !starts.isEmpty else { return nil }
        self.init(
            stored["unit"]?.stringValue.flatMap(Unit.init) ?? .page,
            firstNumber: stored["first"]?.integerValue.map(Int.init) ?? 1,
            starts: starts.compactMap { $0.integerValue.map(Int.init) })
    }
}

extension ParsedDocument.Member {
    var stored: JSON {
        switch self {
        case .sheet(let name): ["sheet": .string(name)]
        case .message(let number): ["message": JSON(number)]
        case .attachment(let name, let message): ["attachment": .string(name), "message": JSON(message)]
        }
    }

    init?(stored: JSON) {
        let message = stored["message"]?.integerValue.map(Int.init)
        if let name = stored["sheet"]?.stringValue {
            self = .sheet(name)
        } else if let name = stored["attachment"]?.stringValue {
            self = .attachment(name, within: message)
        } else if let message {
            self = .message(message)
        } else {
            return nil
        }
    }
}

extension JSON {
    init(headings: [ParsedDocument.Heading]) {
        self = .array(headings.map { [JSON($0.offset), JSON($0.level), .string($0.title)] })
    }

    fileprivate var headings: [ParsedDocument.Heading] {
        (arrayValue ?? []).compactMap { heading in
            guard let parts = heading.arrayValue, parts.count == 3, let offset = parts[0].integerValue,
                let level = parts[1].integerValue, let title = parts[2].stringValue
            else { return nil }
            return ParsedDocument.Heading(offset: Int(offset), level: Int(level), title: title)
        }
    }
}
