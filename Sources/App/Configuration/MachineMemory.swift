import Foundation

/// The memory that this process may take.
enum MachineMemory {
    /// In bytes: the container's limit where there is one, else the machine's.
    static var available: Int {
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        let container = limits.lazy.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
            .compactMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }.first
        return min(machine, container ?? machine)
    }
}
