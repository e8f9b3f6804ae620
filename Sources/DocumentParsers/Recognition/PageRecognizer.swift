import Dispatch
import Domain
import Synchronization

/// Recognises the pages of one document, as many at once as there are processors, until its time is over.
struct PageRecognizer {
    struct Outcome {
        /// By their places.
        var pages: [Int: PlacedPage] = [:]
        /// The places of those for which there was no time, or that could not be read.
        var omitted: [Int] = []
        /// Why one of them could not be read.
        var error: ParseError?
    }

    let limits: ParseLimits
    /// Is told how many pages are done with, each time that one is.
    let progress: @Sendable (Int) -> Void

    /// - Parameter page: reads the page at a place, counted from 0; called from several threads at once.
    func recognize(
        _ count: Int, page: @escaping @Sendable (Int) throws(ParseError) -> PlacedPage
    ) -> Outcome {
        let outcome = Mutex(Outcome())
        let deadline = DispatchTime.now() + .seconds(limits.maximumRecognitionSeconds)
        DispatchQueue.concurrentPerform(iterations: count) { index in
            guard index < limits.maximumRecognizedPages, DispatchTime.now() < deadline else {
                outcome.withLock { $0.omitted.append(index) }
                return
            }
            do throws(ParseError) {
                let read = try page(index)
                outcome.withLock { $0.pages[index] = read }
            } catch {
                outcome.withLock {
                    $0.omitted.append(index)
                    $0.error = error
                }
            }
            // In the lock, so that the numbers do not pass each other.
            outcome.withLock { progress($0.pages.count + $0.omitted.count) }
        }
        return outcome.withLock { $0 }
    }
}
