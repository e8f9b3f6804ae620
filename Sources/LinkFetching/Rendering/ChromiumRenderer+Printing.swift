import Concurrency
import Domain
import FoundationEssentials
import OrderedJSON

extension ChromiumRenderer: PagePrinter {
    package func pdf(of page: String) async throws -> [UInt8] {
        guard page.utf8.count <= limits.maximumMarkup else {
            throw RenderingError("it is larger than \(limits.maximumMarkup >> 20) MiB")
        }
        return try await browsers.withPermit {
            // Of two values for one switch the browser takes the last.
            try await withBrowser(arguments + ["--blink-settings=imagesEnabled=true"]) { tools, _ in
                let session = try await tools.openPage()
                let call = { (method: String, parameters: JSON) in
                    try await tools.call(method, parameters, session: session)
                }
                _ = try await call("Emulation.setScriptExecutionDisabled", ["value": true])
                // Nobody answers, so whatever the page asks for stays out.
                _ = try await call("Fetch.enable", ["patterns": [["urlPattern": "http*"]]])
                let frame = try await call("Page.getFrameTree", [:])["frameTree"]?["frame"]?["id"] ?? .null
                _ = try await call("Page.setDocumentContent", ["frameId": frame, "html": .string(page)])
                let printed = try await call(
                    "Page.printToPDF",
                    ["preferCSSPageSize": true, "generateTaggedPDF": true, "generateDocumentOutline": true])
                guard let file = printed["data"]?.stringValue.flatMap({ Data(base64Encoded: $0) }) else {
                    throw RenderingError("the browser printed nothing")
                }
                return Array(file)
            }
        }
    }
}
