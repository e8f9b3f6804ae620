import Domain

extension GenerationOptions {
    /// The options as a model takes them: what it cannot do is left out, or refused where the answer would not be what was
    /// asked for. Known before anything is answered.
    ///
    /// - Parameter parameter: where the request has the form of the answer.
    func taken(
        formIn parameter: String, by languageModel: () async throws -> any LanguageModel
    ) async throws -> GenerationOptions {
        let wantsForm = responseFormat.map { $0 != .text } ?? false
        guard !tools.isEmpty || wantsForm else { return self }
        let model: any LanguageModel
        do { model = try await languageModel() } catch let error as ServiceError { throw APIError.openAI(error) }
        guard model.acceptsResponseFormats || !wantsForm else {
            throw OpenAIFields.invalid(parameter, "is not supported by the model \(model.modelID)")
        }
        guard !model.supportsTools, !tools.isEmpty else { return self }
        switch toolChoice {
        case .required?, .named?:
            throw OpenAIFields.invalid("tools", "are not supported by the model \(model.modelID)")
        default:
            var options = self
            options.tools = []
            options.toolChoice = nil
            return options
        }
    }
}
