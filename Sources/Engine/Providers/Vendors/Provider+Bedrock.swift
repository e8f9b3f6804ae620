/// Models of many makers in Amazon's cloud.
extension Provider {
    static let bedrock = Provider(
        "bedrock", "AWS Bedrock",
        chat: ChatOffer(
            "AWSBedrockLLM",
            .bedrock(
                BedrockDialect(
                    key: "AWS_BEDROCK_LLM_API_KEY",
                    credentials: [
                        BedrockDialect.Credentials(
                            id: "AWS_BEDROCK_LLM_ACCESS_KEY_ID", secret: "AWS_BEDROCK_LLM_ACCESS_KEY",
                            token: "AWS_BEDROCK_LLM_SESSION_TOKEN"),
                        BedrockDialect.Credentials(
                            id: "AWS_ACCESS_KEY_ID", secret: "AWS_SECRET_ACCESS_KEY", token: "AWS_SESSION_TOKEN"),
                    ], regions: ["AWS_BEDROCK_LLM_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"],
                    addressVariable: "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
                    window: .set("AWS_BEDROCK_LLM_MODEL_TOKEN_LIMIT", else: 8191),
                    maximumTokens: .set("AWS_BEDROCK_LLM_MAX_TOKENS", else: 4096),
                    modelsWithoutTemperature: [
                        "anthropic.claude-opus-4-7", "anthropic.claude-opus-4-8", "anthropic.claude-sonnet-5",
                    ],
                    modelsWithoutSystemRole: [
                        "amazon.titan-text-express-v1", "amazon.titan-text-lite-v1", "cohere.command-text-v14",
                        "cohere.command-light-text-v14", "us.deepseek.r1-v1:0",
                    ], wholeAnswersSwitch: "AWS_BEDROCK_STREAMING_DISABLED",
                    converseSwitch: "LECTERN_BEDROCK_CONVERSE")),
            model: .set(
                "AWS_BEDROCK_LLM_MODEL_PREFERENCE",
                else: "AWS_BEDROCK_LLM_MODEL_PREFERENCE is required for AWS Bedrock."),
            settings: [
                .key("AwsBedrockLLMApiKey", "AWS_BEDROCK_LLM_API_KEY", [.nonEmpty], .presence),
                .key("AwsBedrockLLMRegion", "AWS_BEDROCK_LLM_REGION", [.nonEmpty], .text),
                .key("AwsBedrockLLMModel", "AWS_BEDROCK_LLM_MODEL_PREFERENCE", [.nonEmpty], .text),
                .key(
                    "AwsBedrockLLMTokenLimit", "AWS_BEDROCK_LLM_MODEL_TOKEN_LIMIT", [.aboveZero], .textElseNumber(8192)),
                .key(
                    "AwsBedrockLLMMaxTokens", "AWS_BEDROCK_LLM_MAX_TOKENS", [], .textElseNumber(4096),
                    limit: .wholeNumber(1...10_000_000)),
            ]))
}
