import Dispatch
import Domain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The addresses that the system knows a name by; not on a thread of Swift's pool, for it may ask the network.
@Sendable func resolvedAddresses(of name: String) async -> [IPAddress] {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: resolve(name)) }
    }
}

private func resolve(_ name: String) -> [IPAddress] {
    var first: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(name, nil, nil, &first) == 0 else { return [] }
    defer { freeaddrinfo(first) }
    return sequence(first: first, next: { $0?.pointee.ai_next }).compactMap { entry in
        entry?.pointee.ai_addr.flatMap { numericHost(of: $0) }.flatMap { IPAddress($0) }
    }
}

/// An IP address as text, without its zone; `nil` for an address of another family.
func numericHost(of address: UnsafePointer<sockaddr>) -> String? {
    let family = Int32(address.pointee.sa_family)
    guard family == AF_INET || family == AF_INET6 else { return nil }
    let size = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
    var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    guard getnameinfo(address, socklen_t(size), &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST) == 0 else {
        return nil
    }
    let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.prefix { $0 != "%" }.lowercased()
}
