/// One turn of a conversation.
package struct Message: Sendable, Equatable {
    package enum Role: String, Sendable { case system, user, assistant, tool }

    package var role: Role
    package var text: String
    /// Shown to models that see, played to those that hear; sent with the text.
    package var media: [MediaAttachment]
    /// What the assistant asked for in this turn.
    package var toolCalls: [ToolCall]
    /// Which call a turn of the role `tool` is the result of.
    package var toolCallID: String?

    package init(
        role: Role, text: String, media: [MediaAttachment] = [], toolCalls: [ToolCall] = [], toolCallID: String? = nil
    ) {
        self.role = role
        self.text = text
        self.media = media
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }
}

/// Something that a model may ask to be done before it answers.
package struct ToolDefinition: Sendable, Equatable {
    package var name: String
    package var description: String?
    /// `nil` where the tool takes none.
    package var parameters: ToolParameters?
    /// Whether the vendor is to hold the model to the schema.
    package var isStrict: Bool?

    package init(name: String, description: String?, parameters: ToolParameters?, isStrict: Bool? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.isStrict = isStrict
    }
}

/// The arguments that a tool takes.
package enum ToolParameters: Sendable, Equatable {
    case named([ToolParameter])
    /// A JSON Schema of an object, as a client wrote it.
    case schema(String)
}

/// One argument that a tool takes.
package struct ToolParameter: Sendable, Equatable {
    package enum Kind: String, Sendable { case string, integer }

    package let name: String
    package let kind: Kind
    package let description: String
    package let isRequired: Bool

    package init(_ name: String, _ kind: Kind, _ description: String, isRequired: Bool = false) {
        self.name = name
        self.kind = kind
        self.description = description
        self.isRequired = isRequired
    }
}

/// A model's wish that a tool be run.
package struct ToolCall: Sendable, Equatable {
    /// The model's; its result is returned under it.
    package var id: String
    package var name: String
    /// JSON as the model wrote it, which may be anything.
    package var arguments: String
    /// What the arguments say, as far as they are scalars, for those who run the tool; `nil` where they are no JSON object, or
    /// where the call is only told of.
    package var values: [String: Scalar]?
    /// What the vendor wants back with the call's result: what was thought before it, say, in a form of the vendor's own.
    package var signature: String?

    package init(id: String, name: String, arguments: String, values: [String: Scalar]? = nil) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.values = values
    }
}

/// A stretch of a tool call while it is made.
package struct ToolCallPiece: Sendable, Equatable {
    /// Which of the reply's calls, from 0.
    package var index: Int
    /// With the first piece of a call only.
    package var id: String?
    /// With the first piece of a call only.
    package var name: String?
    /// What is to be appended to the arguments.
    package var arguments: String

    package init(index: Int, id: String?, name: String?, arguments: String) {
        self.index = index
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// A picture or a recording that came with a question, for models that take them.
package struct MediaAttachment: Sendable, Equatable {
    package var name: String
    package var mediaType: String
    /// A `data:` URL, or a web address.
    package var url: String

    package init(name: String, mediaType: String, url: String) {
        self.name = name
        self.mediaType = mediaType
        self.url = url
    }
}

/// A text that the answer may draw on, and where it comes from.
package struct ContextPassage: Sendable, Equatable {
    package var text: String
    /// What to call its source towards people: a title, with the page where there is one.
    package var citation: String
    /// The place of its source among those of the prompt, from 1, by which the answer cites it; `nil` where it has none.
    package var number: Int?

    package init(text: String, citation: String, number: Int? = nil) {
        self.text = text
        self.citation = citation
        self.number = number
    }
}

/// All that a language model is given.
package struct Prompt: Sendable, Equatable {
    /// System message first, then the history, then the question; what a chat-completions API takes.
    package var messages: [Message]
    /// The question alone, with the one before where it leans on that, and the passages that the system message quotes,
    /// for models that work on these.
    package var question: String
    package var passages: [ContextPassage]
    /// Where the passages are from, in the order of their numbers.
    package var sources: [Source]
    package var options: GenerationOptions

    package init(
        messages: [Message], question: String, passages: [ContextPassage] = [], sources: [Source] = [],
        options: GenerationOptions = GenerationOptions()
    ) {
        self.messages = messages
        self.question = question
        self.passages = passages
        self.sources = sources
        self.options = options
    }
}

/// What a caller may ask of the generation; `nil` leaves it to the provider.
package struct GenerationOptions: Sendable, Equatable {
    package var temperature: Double?
    package var maximumTokens: Int?
    package var topP: Double?
    package var stop: [String]
    package var seed: Int?
    package var presencePenalty: Double?
    package var frequencyPenalty: Double?
    /// How long a reasoning model may think, in the vendor's words: `low`, `high`.
    package var reasoningEffort: String?
    /// How much likelier each token is to be made, by its number in the model's vocabulary; empty leaves all as they are.
    package var logitBias: [String: Double] = [:]
    package var responseFormat: ResponseFormat?
    package var tools: [ToolDefinition] = []
    package var toolChoice: ToolChoice?
    package var allowsParallelToolCalls: Bool?
    /// How many alternatives of each token are to be told with its probability; `nil` wants no probabilities.
    package var tokenAlternatives: Int?

    package init(
        temperature: Double? = nil, maximumTokens: Int? = nil, topP: Double? = nil, stop: [String] = [],
        seed: Int? = nil
    ) {
        self.temperature = temperature
        self.maximumTokens = maximumTokens
        self.topP = topP
        self.stop = stop
        self.seed = seed
    }
}

/// The form that a reply is to have.
package enum ResponseFormat: Sendable, Equatable {
    case text
    /// Some JSON object.
    case jsonObject
    /// What OpenAI's `json_schema` holds, `name`, `schema` and `strict`, as the client wrote it.
    case jsonSchema(String)
}

/// Whether a model calls tools.
package enum ToolChoice: Sendable, Equatable {
    case automatic
    case none
    case required
    case named(String)
}

/// A piece of a reply while it is made.
package enum ReplyEvent: Sendable, Equatable {
    case text(String)
    /// What a reasoning model thinks before it answers.
    case reasoning(String)
    /// The probabilities of the tokens of the text before, where they were asked for and the model knows them.
    case probabilities([TokenProbability])
    /// A stretch of a call, for those who follow it while it is made; the whole call comes as well.
    case toolCallPiece(ToolCallPiece)
    /// A call that is complete; a model makes its calls after whatever it says.
    case toolCall(ToolCall)
}

/// How a reply ended.
package struct ReplySummary: Sendable, Equatable {
    package enum FinishReason: String, Sendable {
        case stop
        /// The model ran into its token limit.
        case length
        case contentFilter = "content_filter"
        /// The model waits for the results of its calls.
        case toolCalls = "tool_calls"
    }

    /// Counted by the provider; `nil` where it does not say.
    package var promptTokens: Int?
    package var completionTokens: Int?
    package var finishReason: FinishReason

    package init(promptTokens: Int? = nil, completionTokens: Int? = nil, finishReason: FinishReason = .stop) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.finishReason = finishReason
    }
}

/// Who answers: an OpenAI-compatible endpoint, or the built-in extractive answerer.
package protocol LanguageModel: Sendable {
    /// The provider as metrics name it, `GenericOpenAiLLM` say.
    var providerName: String { get }
    var modelID: String { get }
    /// In tokens, prompt and answer together.
    var contextWindow: Int { get }
    /// How freely it chooses its words where nobody says so, 0...2.
    var defaultTemperature: Double { get }
    /// Whether it can be offered tools.
    var supportsTools: Bool { get }
    /// Whether it can be shown pictures.
    var acceptsImages: Bool { get }
    /// Whether it can be held to a form of reply, JSON say.
    var acceptsResponseFormats: Bool { get }
    /// Whether it does what a prompt says; what only quotes passages does not.
    var followsInstructions: Bool { get }
    /// The same with what its server says of it: its window, whether it takes tools and pictures. What the server does not say, or not
    /// in time, is left as it is.
    ///
    /// - Throws: `CancellationError` alone.
    func prepared() async throws -> any LanguageModel
    /// Calls `emit` for each piece as it comes and waits for it, so that a slow reader slows the provider and a reader
    /// who has gone stops it. Throws `ServiceError` where the provider fails.
    func reply(to prompt: Prompt, emit: (ReplyEvent) async throws -> Void) async throws -> ReplySummary
}

extension LanguageModel {
    package var defaultTemperature: Double { 0.7 }
    package var acceptsResponseFormats: Bool { true }
    package var followsInstructions: Bool { true }
    package func prepared() async throws -> any LanguageModel { self }
}
