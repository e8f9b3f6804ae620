// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "lectern",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "lectern", targets: ["App"])
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2.git", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
    ],
    targets: [
        // MARK: The words of the field, and what is stored
        // Without pkg-config, whose flags for utf8proc the package manager refuses; it lies where every compiler looks.
        .systemLibrary(name: "CUtf8proc", providers: [.apt(["libutf8proc-dev"])]),
        .target(name: "Domain", dependencies: ["CUtf8proc"]),
        .target(name: "OrderedJSON", dependencies: ["Domain"]),
        .target(name: "Concurrency", dependencies: ["Domain"]),
        .target(name: "EventStreams"),
        .target(name: "ModelContextProtocol", dependencies: ["OrderedJSON"]),
        .target(name: "Persistence", dependencies: ["Domain", "OrderedJSON"]),
        .target(
            name: "SQLiteDriver",
            dependencies: ["Domain", "OrderedJSON", "Persistence", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "CPostgreSQL"),
        .target(name: "PostgresDriver", dependencies: ["CPostgreSQL", "Concurrency", "Persistence"]),

        // MARK: What the product does
        // Without pkg-config, which knows nothing of it; it lies where every compiler looks.
        .systemLibrary(name: "CStemmer", providers: [.apt(["libstemmer-dev"])]),
        .target(name: "CLanguageDetector", linkerSettings: [.linkedLibrary("cld2")]),
        .target(name: "TextAnalysis", dependencies: ["CLanguageDetector", "CStemmer", "Domain"]),
        .target(
            name: "Engine",
            dependencies: [
                "Concurrency", "Domain", "Persistence", "TextAnalysis",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"), .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"), .product(name: "Metrics", package: "swift-metrics"),
            ]),

        // MARK: Adapters
        .target(name: "BERTKernels", cSettings: [.unsafeFlags(["-O3"])]),
        .target(
            name: "BERT",
            dependencies: [
                "BERTKernels", "Concurrency", "Domain", "OrderedJSON",
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            // Unoptimised, one chunk takes seconds, in tests too.
            swiftSettings: [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        .target(
            name: "BytePairEncoding",
            dependencies: ["Domain", .product(name: "HeapModule", package: "swift-collections")],
            // Counting is done on whole documents, in tests too.
            swiftSettings: [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        .target(name: "VectorKernels", cSettings: [.unsafeFlags(["-O3"])]),
        .target(name: "SearchIndexes", dependencies: ["Concurrency", "Domain", "VectorKernels"]),
        .target(
            name: "ModelProviders",
            dependencies: [
                "Concurrency", "Domain", "EventStreams", "OrderedJSON",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .target(
            name: "IdentityProviders",
            dependencies: [
                "Domain", "OrderedJSON", .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        .target(
            name: "MCPClient",
            dependencies: [
                "CSandbox", "Domain", "EventStreams", "ModelContextProtocol", "OrderedJSON",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"), .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CUchardet", pkgConfig: "uchardet", providers: [.apt(["libuchardet-dev"])]),
        .target(name: "CSandbox"),
        .target(
            name: "DocumentParsers",
            dependencies: ["Concurrency", "Domain", "CLibXML2", "CLibArchive", "CSandbox", "CUchardet"]),

        .target(
            name: "LinkFetching",
            dependencies: [
                "CSandbox", "Concurrency", "Domain", "OrderedJSON",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),

        // MARK: HTTP, and the server put together
        .target(
            name: "PrometheusMetrics", dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")]),
        .target(name: "EmbeddedFiles"),
        .target(name: "WebUI", dependencies: ["EmbeddedFiles"], exclude: ["Documentation", "Widget"]),
        .target(
            name: "HTTPAPI",
            dependencies: [
                "Concurrency", "Domain", "Engine", "ModelContextProtocol", "OrderedJSON", "Persistence",
                "PrometheusMetrics", "WebUI",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "ServerAssembly",
            dependencies: [
                "Domain", "Engine", "HTTPAPI", "LinkFetching", "Persistence", "PostgresDriver", "SQLiteDriver",
                "SearchIndexes",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCertificateReloading", package: "swift-nio-extras"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        .executableTarget(
            name: "App",
            dependencies: [
                "Concurrency", "Domain", "IdentityProviders", "LinkFetching", "MCPClient", "ModelContextProtocol",
                "OrderedJSON", "Persistence", "SQLiteDriver", "Engine", "BERT", "BytePairEncoding", "ModelProviders",
                "DocumentParsers", "PrometheusMetrics", "ServerAssembly",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),

        // MARK: Tests
        .target(
            name: "TestSupport",
            dependencies: [
                "Domain", "OrderedJSON", "Persistence", "PostgresDriver", "SQLiteDriver",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
            ]),
        .testTarget(name: "DomainTests", dependencies: ["Domain"]),
        .testTarget(name: "TextAnalysisTests", dependencies: ["TextAnalysis"]),
        .testTarget(name: "OrderedJSONTests", dependencies: ["Domain", "OrderedJSON"]),
        .testTarget(name: "ModelContextProtocolTests", dependencies: ["ModelContextProtocol", "OrderedJSON"]),
        .testTarget(
            name: "PrometheusMetricsTests",
            dependencies: ["PrometheusMetrics", .product(name: "CoreMetrics", package: "swift-metrics")]),
        .testTarget(name: "ConcurrencyTests", dependencies: ["Concurrency", "Domain", "TestSupport"]),
        .testTarget(
            name: "BERTTests", dependencies: ["BERT", "BERTKernels", "Domain", "TestSupport"], exclude: ["Fixtures"],
            // The reference computations in the tests take minutes otherwise.
            swiftSettings: [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        .testTarget(
            name: "BytePairEncodingTests", dependencies: ["BytePairEncoding", "Domain", "OrderedJSON"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "Domain", "Engine", "ModelProviders", "OrderedJSON", "Persistence", "SearchIndexes", "SQLiteDriver",
                "TestSupport", .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "PersistenceTests",
            dependencies: ["Domain", "OrderedJSON", "Persistence", "SQLiteDriver", "TestSupport"]),
        .testTarget(name: "SQLiteDriverTests", dependencies: ["Persistence", "SQLiteDriver", "TestSupport"]),
        .testTarget(name: "PostgresDriverTests", dependencies: ["Persistence", "PostgresDriver", "TestSupport"]),
        .testTarget(
            name: "SearchIndexesTests",
            dependencies: ["Concurrency", "Domain", "VectorKernels", "SearchIndexes", "TestSupport"]),
        .testTarget(
            name: "ModelProvidersTests",
            dependencies: [
                "Domain", "EventStreams", "ModelProviders", "OrderedJSON", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        .testTarget(
            name: "MCPClientTests",
            dependencies: [
                "Domain", "MCPClient", "ModelContextProtocol", "OrderedJSON", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
            ]),
        .testTarget(
            name: "LinkFetchingTests",
            dependencies: [
                "App", "Domain", "LinkFetching", "OrderedJSON", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"), .product(name: "NIOTLS", package: "swift-nio"),
            ]),
        .testTarget(
            name: "DocumentParsersTests",
            dependencies: ["App", "CLibArchive", "Domain", "DocumentParsers", "TestSupport"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "BERT", "DocumentParsers", "Domain", "Engine", "EventStreams", "HTTPAPI", "ModelProviders",
                "OrderedJSON", "TestSupport", "TextAnalysis", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "App", "Domain", "LinkFetching", "OrderedJSON", "Persistence", "SQLiteDriver", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        .testTarget(
            name: "ServerAssemblyTests",
            dependencies: [
                "Domain", "DocumentParsers", "Engine", "HTTPAPI", "Persistence", "ServerAssembly",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "HTTPAPITests",
            dependencies: [
                "Domain", "DocumentParsers", "Engine", "HTTPAPI", "LinkFetching", "OrderedJSON", "Persistence",
                "ServerAssembly", "TestSupport", "WebUI",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu2x
)

// Benchmarks see `package` declarations, so they are targets here and not a package of their own; without the switch they
// cost nobody a build. `script/bench` sets it.
if Context.environment["LECTERN_BENCHMARKS"] != nil {
    package.targets += [
        .executableTarget(
            name: "EmbeddingBenchmark", dependencies: ["BERT", "Domain"],
            path: "Benchmarks/Sources/EmbeddingBenchmark"),
        .executableTarget(
            name: "VectorBenchmark", dependencies: ["Concurrency", "Domain", "SearchIndexes"],
            path: "Benchmarks/Sources/VectorBenchmark"),
    ]
}

for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .treatAllWarnings(as: .error),
        ]
}
