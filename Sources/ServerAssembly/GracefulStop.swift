import Engine
import ServiceLifecycle

/// Told first that the server is to stop: what a client waits for comes to its end, or is answered with 503 and when to
/// try again, before the listener closes.
struct GracefulStop: Service, CustomStringConvertible {
    let description = "graceful stop"
    let jobs: JobQueue
    let answers: RunningAnswers

    /// How long work that is under way may go on.
    static let grace = Duration.seconds(3)
    /// From the signal to the end, whatever clients and providers do. Docker kills after ten seconds.
    static let limit = Duration.seconds(8)

    func run() async throws {
        try await gracefulShutdown()
        async let noJobs: Void = jobs.stop(after: Self.grace)
        async let noAnswers: Void = answers.stop(after: Self.grace)
        _ = await (noJobs, noAnswers)
    }
}
