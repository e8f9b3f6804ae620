import Domain
import OrderedJSON

extension ToolChoice {
    /// As OpenAI's APIs have it, which differ in how they name a tool.
    func openAI(named: (String) -> JSON) -> JSON {
        switch self {
        case .automatic: "auto"
        case .none: "none"
        case .required: "required"
        case .named(let name): named(name)
        }
    }
}
