import BERT
import Domain
import FoundationEssentials
import Glibc

func cpuSeconds() -> Double {
    var t = timespec(); clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
    return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
}
func wallSeconds() -> Double {
    var t = timespec(); clock_gettime(CLOCK_MONOTONIC, &t)
    return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
}
struct Texts: Decodable { let chunks: [String]; let queries: [String] }
@main struct M {
    static func main() throws {
        let a = CommandLine.arguments
        let texts = try JSONDecoder().decode(Texts.self, from: Data(contentsOf: URL(filePath: a[2])))
        var o = BERTOptions()
        if a.count > 3 { o.precision = BERTPrecision(rawValue: a[3])! }
        if a.count > 4, a[4] != "best" { o.instructionSet = a[4] }
        let threads = a.count > 5 ? Int(a[5])! : 1
        let t0 = wallSeconds(), c0 = cpuSeconds()
        let m = try BERTModel(folder: a[1], options: o)
        print("load wall", wallSeconds() - t0, "cpu", cpuSeconds() - c0, m.instructionSet)
        let tt = cpuSeconds(); var n = 0
        for _ in 0..<5 { for t in texts.chunks { n += m.tokens(t).count } }
        print("tokens/s", Double(n) / (cpuSeconds() - tt), n / 5)
        for _ in 0..<5 {
            let c = cpuSeconds(), w = wallSeconds()
            for i in stride(from: 0, to: texts.chunks.count, by: 32) { _ = m.encode(Array(texts.chunks[i..<min(i+32, texts.chunks.count)]), as: .passage, threads: threads) }
            print("chunks/cpu s", Double(texts.chunks.count) / (cpuSeconds() - c), "wall", Double(texts.chunks.count) / (wallSeconds() - w))
        }
        var q: [Double] = []
        for t in texts.queries { let w = wallSeconds(); _ = m.encode([t], as: .query); q.append((wallSeconds() - w) * 1e3) }
        q.sort(); print("query ms median", q[q.count / 2], "best", q[0])
        let rows = m.encode(texts.chunks + texts.queries, as: .passage)
        var out = Data(); for r in rows { r.withUnsafeBytes { out.append(contentsOf: $0) } }
        try out.write(to: URL(filePath: "/work/scratch/bert/out.f32"))
        var tok = ""; for t in texts.chunks + texts.queries { tok += m.tokens(t).map(String.init).joined(separator: " ") + "\n" }
        try Data(tok.utf8).write(to: URL(filePath: "/work/scratch/bert/out.tok"))
    }
}
