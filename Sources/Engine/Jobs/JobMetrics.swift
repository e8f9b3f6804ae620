import Domain
import Metrics

/// What the job queue does, for whoever looks at the metrics.
struct JobMetrics: Sendable {
    private let running = Meter(label: "lectern_jobs_running")

    func jobsAreRunning(_ count: Int) { running.set(count) }

    func jobsAreWaiting(_ counts: [Job.Lane: Int]) {
        for lane in Job.Lane.allCases {
            Meter(label: "lectern_jobs_waiting", dimensions: [("lane", "\(lane)")]).set(counts[lane] ?? 0)
        }
    }

    func jobEnded(_ job: Job, after duration: Duration) {
        let kind = ("kind", job.kind.rawValue)
        Counter(label: "lectern_jobs_total", dimensions: [kind, ("state", job.state.rawValue)]).increment()
        Timer(label: "lectern_job_duration_seconds", dimensions: [kind])
            .recordNanoseconds(Int64(duration / .nanoseconds(1)))
    }
}
