import Hummingbird
import NIOCore
import PrometheusMetrics

/// | method | path | who |
/// |---|---|---|
/// | GET | /metrics | API key |
struct MetricsRoutes: Sendable {
    var endpoints: RouteCollection<AuthenticatedContext> {
        RouteCollection(context: AuthenticatedContext.self).get("metrics") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .xContentTypeOptions: "nosniff"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: PrometheusRegistry.shared.text)))
        }
    }
}
