// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// One address of the console: a method, a path, the action that it needs, and what it does.
///
/// There is no way to make a route without an action, so none can be forgotten.
package struct Route: Sendable {
    /// `GET` or `POST`.
    package let method: String
    /// The path with `{name}` for a segment that varies: `/records/{patient}`.
    package let path: String
    /// What the authorizer is asked about.
    package let action: Action
    /// What it is asked about it: the resource that the request names.
    package let resource: @Sendable (PageRequest) -> EntityReference
    /// Makes the answer.
    package let handle: @Sendable (PageRequest) async throws -> Answer
    /// Whether programs ask here: they are known by a bearer token, and what fails is told them as JSON.
    package var isForPrograms = false

    fileprivate var segments: [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: true)
    }
}

/// All addresses of the console. A path that is registered twice stops the start.
package struct Site: Sendable {
    /// The routes in the order of their registration.
    package private(set) var routes: [Route] = []
    /// The first route that was registered twice, if any.
    package private(set) var conflict: String?

    /// An empty site.
    package init() {}

    /// Adds a page that is read.
    package mutating func get(
        _ path: String, _ action: Action,
        on resource: @escaping @Sendable (PageRequest) -> EntityReference = { _ in Site.institution },
        _ handle: @escaping @Sendable (PageRequest) async throws -> Answer
    ) {
        add(Route(method: "GET", path: path, action: action, resource: resource, handle: handle))
    }

    /// Adds an act: a form that is posted.
    package mutating func post(
        _ path: String, _ action: Action,
        on resource: @escaping @Sendable (PageRequest) -> EntityReference = { _ in Site.institution },
        _ handle: @escaping @Sendable (PageRequest) async throws -> Answer
    ) {
        add(Route(method: "POST", path: path, action: action, resource: resource, handle: handle))
    }

    /// Adds an address for programs.
    package mutating func program(
        _ method: String, _ path: String, _ action: Action,
        _ handle: @escaping @Sendable (PageRequest) async throws -> Answer
    ) {
        var route = Route(
            method: method, path: path, action: action, resource: { _ in Self.institution }, handle: handle)
        route.isForPrograms = true
        add(route)
    }

    /// The resource of a page that concerns the institution as a whole.
    package static let institution = EntityReference(type: "institution", id: "this")

    private mutating func add(_ route: Route) {
        let taken = routes.contains { $0.method == route.method && Self.shape($0) == Self.shape(route) }
        if taken, conflict == nil {
            conflict = "\(route.method) \(route.path)"
        }
        routes.append(route)
    }

    private static func shape(_ route: Route) -> [[UInt8]] {
        route.segments.map { $0.hasPrefix("{") ? [] : Array($0.utf8) }
    }

    /// The route for `method` and the percent-encoded `path`, with the values of its segments.
    ///
    /// A literal segment wins over one that varies. `HEAD` is answered as `GET`.
    package func match(method: String, path: String) -> (route: Route, parameters: [String: String])? {
        let wanted = method == "HEAD" ? "GET" : method
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
        var best: (route: Route, parameters: [String: String])?
        for route in routes where route.method == wanted {
            guard let parameters = Self.parameters(route.segments, parts) else { continue }
            if best == nil || parameters.count < (best?.parameters.count ?? .max) {
                best = (route, parameters)
            }
        }
        return best
    }

    private static func parameters(
        _ segments: [Substring], _ parts: [Substring.UTF8View]
    ) -> [String: String]? {
        let takesRest = segments.last?.hasPrefix("{...") ?? false
        guard takesRest ? parts.count >= segments.count : parts.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (index, segment) in segments.enumerated() {
            if takesRest, index == segments.count - 1 {
                let rest = parts[index...].joined(separator: [UInt8(ascii: "/")])
                guard let value = PercentCoding.decode(rest, plusIsSpace: false) else { return nil }
                parameters[String(segment.dropFirst(4).dropLast())] = value
            } else if segment.hasPrefix("{") {
                guard let value = PercentCoding.decode(parts[index], plusIsSpace: false) else { return nil }
                parameters[String(segment.dropFirst().dropLast())] = value
            } else if !segment.utf8.elementsEqual(parts[index]) {
                return nil
            }
        }
        return parameters
    }

    /// Whether programs ask at this path, by whichever method, or beside it: what fails there is told them as JSON.
    package func isForPrograms(path: String) -> Bool {
        routes.contains { route in
            guard route.isForPrograms, let end = route.path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return false }
            return path.utf8.starts(with: route.path.utf8[...end])
        }
    }

    /// Whether some route has this path under another method.
    package func knows(path: String) -> Bool {
        ["GET", "POST"].contains { match(method: $0, path: path) != nil }
    }
}
