import Dispatch
package import Domain
import Synchronization

/// A cross-encoder in this process behind the `Reranker` seam.
///
/// It computes on a queue of its own, one question after another on up to `threads` threads. The weights are read at the
/// first use.
package struct BERTReranker: Reranker {
    private let model: LazyModel<BERTCrossEncoder>
    private let threads: Int
    private let queue = DispatchQueue(label: "bert.rerank", qos: .userInitiated)

    /// Throws where the folder or a file is missing or says something impossible; weights that are damaged come out at the
    /// first use.
    package init(folder: String, options: BERTOptions = BERTOptions(), threads: Int) throws(BERTError) {
        let files = try ModelFolder(path: folder)
        _ = try ModelConfiguration(files)
        for file in try TokenizerFile.files(files) + SafeTensors.files(files) { _ = try files.map(file) }
        model = LazyModel { () throws(BERTError) in try BERTCrossEncoder(folder: folder, options: options) }
        self.threads = max(1, threads)
    }

    package func scores(
        _ question: String, candidates: [RerankCandidate], until deadline: ContinuousClock.Instant
    ) async throws -> [Double] {
        let isCancelled = Atomic(false)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { [model] in
                    do throws(BERTError) {
                        let encoder = try model.get()
                        var scores: [Double] = []
                        // No batch begins that would end too late, as far as those before it tell.
                        var longest = Duration.zero
                        while scores.count < candidates.count {
                            let start = ContinuousClock.now
                            guard start.advanced(by: longest) < deadline else { break }
                            if isCancelled.load(ordering: .relaxed) {
                                return continuation.resume(throwing: CancellationError())
                            }
                            let batch = candidates.dropFirst(scores.count).prefix(batchSize)
                            scores += encoder.scores(question, passages: batch.map(\.text), on: .threads(threads))
                            longest = max(longest, start.duration(to: .now))
                        }
                        continuation.resume(returning: scores)
                    } catch {
                        let message = "The reranking model cannot be loaded: \(error)"
                        continuation.resume(throwing: ServiceError(.unavailable, message, cause: error))
                    }
                }
            }
        } onCancel: {
            isCancelled.store(true, ordering: .relaxed)
        }
    }

    /// Candidates between two looks at the clock: enough to keep all threads busy.
    private var batchSize: Int { 2 * threads }
}
