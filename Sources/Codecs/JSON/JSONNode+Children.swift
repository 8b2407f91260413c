// SPDX-License-Identifier: Apache-2.0

extension JSONNode {
    /// The value of a member; nil when there is none or this is no object. The name is compared byte by byte.
    public subscript(_ name: String) -> JSONNode? {
        guard kind == .object else { return nil }
        let end = Int(entry.next)
        var at = index + 1
        while at < end {
            if JSONNode(storage: storage, index: at).textEquals(name) {
                return JSONNode(storage: storage, index: at + 1)
            }
            at = Int(storage.tape[at + 1].next)
        }
        return nil
    }

    /// An element of an array, counted from 0; nil when there is none or this is no array. Walks from the first.
    public subscript(_ position: Int) -> JSONNode? {
        guard position >= 0 else { return nil }
        for (number, element) in elements.enumerated() where number == position {
            return element
        }
        return nil
    }

    /// Follows names and positions: `node.at("name", 0, "family")`.
    public func at(_ path: JSONStep...) -> JSONNode? {
        var node = self
        for step in path {
            let next =
                switch step {
                case .name(let name): node[name]
                case .position(let position): node[position]
                }
            guard let next else { return nil }
            node = next
        }
        return node
    }

    /// The values of all members of that name, here and in everything inside, in the order of the text.
    public func values(named name: String) -> [JSONNode] {
        var found: [JSONNode] = []
        for at in index..<Int(entry.next) where storage.tape[at].isName {
            if JSONNode(storage: storage, index: at).textEquals(name) {
                found.append(JSONNode(storage: storage, index: at + 1))
            }
        }
        return found
    }

    /// The elements of an array in order; nothing for every other kind.
    public var elements: JSONElements {
        JSONElements(parent: self)
    }

    /// The members of an object in order; nothing for every other kind.
    public var members: JSONMembers {
        JSONMembers(parent: self)
    }
}

/// One step into a document.
public enum JSONStep: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    /// To the member of that name.
    case name(String)
    /// To the element at that place, counted from 0.
    case position(Int)

    /// A member's name.
    public init(stringLiteral value: String) {
        self = .name(value)
    }

    /// An element's place.
    public init(integerLiteral value: Int) {
        self = .position(value)
    }
}

/// The elements of an array.
public struct JSONElements: Sequence, Sendable {
    let parent: JSONNode

    /// Starts at the first element.
    public func makeIterator() -> Iterator {
        Iterator(parent: parent)
    }

    /// Steps from element to element.
    public struct Iterator: IteratorProtocol, Sendable {
        private let storage: JSONStorage
        private var at: Int
        private let end: Int

        init(parent: JSONNode) {
            storage = parent.storage
            at = parent.index + 1
            end = parent.kind == .array ? Int(parent.entry.next) : 0
        }

        /// The next element, nil after the last.
        public mutating func next() -> JSONNode? {
            guard at < end else { return nil }
            defer { at = Int(storage.tape[at].next) }
            return JSONNode(storage: storage, index: at)
        }
    }
}

/// The members of an object.
public struct JSONMembers: Sequence, Sendable {
    let parent: JSONNode

    /// Starts at the first member.
    public func makeIterator() -> Iterator {
        Iterator(parent: parent)
    }

    /// Steps from member to member.
    public struct Iterator: IteratorProtocol, Sendable {
        private let storage: JSONStorage
        private var at: Int
        private let end: Int

        init(parent: JSONNode) {
            storage = parent.storage
            at = parent.index + 1
            end = parent.kind == .object ? Int(parent.entry.next) : 0
        }

        /// The next member's name and value, nil after the last.
        public mutating func next() -> (name: String, value: JSONNode)? {
            guard at < end else { return nil }
            defer { at = Int(storage.tape[at + 1].next) }
            let name = JSONNode(storage: storage, index: at).string ?? ""
            return (name, JSONNode(storage: storage, index: at + 1))
        }
    }
}
