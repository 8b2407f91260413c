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
    /// The largest body that is read here; nil where forms are as small as most are.
    package var largestBody: Int?
    /// Whether programs ask here: they are known by a bearer token, and what fails is told them as JSON.
    package var isForPrograms = false

    fileprivate let pattern: RoutePattern

    fileprivate init(
        _ method: String, _ path: String, _ action: Action,
        on resource: @escaping @Sendable (PageRequest) -> EntityReference,
        _ handle: @escaping @Sendable (PageRequest) async throws -> Answer
    ) {
        (self.method, self.path, self.action) = (method, path, action)
        (self.resource, self.handle) = (resource, handle)
        pattern = RoutePattern(path)
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
        add(Route("GET", path, action, on: resource, handle))
    }

    /// Adds an act: a form that is posted.
    ///
    /// - Parameter largestForm: how many bytes a form may have, where it holds a long text.
    package mutating func post(
        _ path: String, _ action: Action,
        on resource: @escaping @Sendable (PageRequest) -> EntityReference = { _ in Site.institution },
        largestForm: Int? = nil, _ handle: @escaping @Sendable (PageRequest) async throws -> Answer
    ) {
        var route = Route("POST", path, action, on: resource, handle)
        route.largestBody = largestForm
        add(route)
    }

    /// Adds an address for programs.
    package mutating func program(
        _ method: String, _ path: String, _ action: Action,
        _ handle: @escaping @Sendable (PageRequest) async throws -> Answer
    ) {
        var route = Route(method, path, action, on: { _ in Self.institution }, handle)
        route.isForPrograms = true
        add(route)
    }

    /// The resource of a page that concerns the institution as a whole.
    package static let institution = EntityReference(type: "institution", id: "this")

    private mutating func add(_ route: Route) {
        let taken = routes.contains { $0.method == route.method && $0.pattern.isShaped(like: route.pattern) }
        if taken, conflict == nil {
            conflict = "\(route.method) \(route.path)"
        }
        routes.append(route)
    }

    /// The route for `method` and the percent-encoded `path`, with the values of its segments.
    ///
    /// A literal segment wins over one that varies. `HEAD` is answered as `GET`.
    package func match(method: String, path: String) -> (route: Route, parameters: [String: String])? {
        let wanted = method == "HEAD" ? "GET" : method
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
        var best: (route: Route, parameters: [String: String])?
        for route in routes where route.pattern.fits(parts) && route.method == wanted {
            guard let parameters = route.pattern.parameters(parts) else { continue }
            if best == nil || parameters.count < (best?.parameters.count ?? .max) {
                best = (route, parameters)
            }
        }
        return best
    }

    /// Whether programs ask at this path, by whichever method, or beside it: what fails there is told them as JSON.
    package func isForPrograms(path: String) -> Bool {
        routes.contains { route in
            route.isForPrograms && path.utf8.starts(with: route.pattern.folder)
        }
    }

    /// Whether some route has this path under another method.
    package func knows(path: String) -> Bool {
        ["GET", "POST"].contains { match(method: $0, path: path) != nil }
    }
}
