package import Domain
import OrderedJSON

/// Configurations as rows hold them: an object, or an array of objects, in JSON.
package enum ConfigurationCoding {
    package static func text(_ fields: [Attribute]) -> String { JSON.object(JSONObject(fields)).text }

    package static func text(_ entries: [[Attribute]]) -> String {
        JSON.array(entries.map { .object(JSONObject($0)) }).text
    }

    /// `nil` for a text that is none of an object.
    package static func fields(_ text: String) -> [Attribute]? { (try? JSON(parsing: text))?.objectValue?.attributes }

    /// `nil` for a text that is none of an array.
    package static func entries(_ text: String) -> [[Attribute]]? {
        (try? JSON(parsing: text))?.arrayValue?.map { $0.objectValue?.attributes ?? [] }
    }
}
