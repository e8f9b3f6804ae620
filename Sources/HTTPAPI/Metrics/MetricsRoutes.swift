import Engine
import Hummingbird
import NIOCore
import PrometheusMetrics

/// | method | path | who |
/// |---|---|---|
/// | GET | /metrics | API key |
struct MetricsRoutes: Sendable {
    let jobs: JobQueue

    var endpoints: RouteTable {
        RouteTable(under: "/api").get("metrics", .requires(.observe)) { _, _ in
            try await jobs.measure()
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .xContentTypeOptions: "nosniff"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: PrometheusRegistry.shared.text)))
        }
    }
}
