// SPDX-License-Identifier: Apache-2.0

/// Reads the nodes of a folder one by one, from text that comes in pieces: a folder of a million files is never whole in
/// memory. Members beside `nodes` are skipped, as restic does.
public struct TreeReader: Sendable {
    /// The longest text of one node: a file of sixteen million parts is shorter.
    public static let longestNode = 1 << 30

    private var buffer: [UInt8] = []
    /// What was read already of `buffer`.
    private var place = 0
    private var state = State.start
    /// How far the value at `place` was looked at.
    private var scan = ValueScan()
    private var last: [UInt8]?

    private enum State {
        case start, nameOrEnd, name, colon, value, firstNode, node, nodeOrEnd, commaOrEnd, end
    }

    /// A reader that has seen nothing.
    public init() {}

    /// Whether the folder has ended.
    public var isComplete: Bool {
        if case .end = state { true } else { false }
    }

    /// Adds the next piece of the text.
    public mutating func feed(_ piece: ArraySlice<UInt8>) {
        if place > 0 {
            buffer.removeFirst(place)
            place = 0
        }
        buffer.append(contentsOf: piece)
    }

    /// The next node; nil when more text is needed, or when the folder has ended.
    ///
    /// - Throws: `malformed`, also for names that do not ascend: what stands twice could hide something.
    public mutating func next() throws(FormatError) -> Node? {
        guard let range = try nextRange() else { return nil }
        return try node(in: range)
    }

    /// The text of the next node, as ``next()`` gives the node; nobody has looked at its order.
    mutating func nextText() throws(FormatError) -> [UInt8]? {
        try nextRange().map { Array(buffer[$0]) }
    }

    private mutating func nextRange() throws(FormatError) -> Range<Int>? {
        while true {
            skipSpace()
            guard place < buffer.count else { return nil }
            switch state {
            case .end: throw .malformed(.tree, "something follows its end")
            case .node, .firstNode:
                if case .firstNode = state, buffer[place] == UInt8(ascii: "]") {
                    place += 1
                    state = .commaOrEnd
                    continue
                }
                guard let range = try valueRange() else { return nil }
                state = .nodeOrEnd
                return range
            case .nodeOrEnd: state = try take(UInt8(ascii: ","), .node, UInt8(ascii: "]"), .commaOrEnd)
            default: guard try step() else { return nil }
            }
        }
    }

    private mutating func node(in range: Range<Int>) throws(FormatError) -> Node {
        let node = try Node.parse(buffer, in: range)
        if let last, !Tree.areInOrder(last, node.name) {
            throw .malformed(.tree, "its names are not in order, or one stands twice")
        }
        last = node.name
        return node
    }

    /// One step outside the nodes; false when more text is needed.
    private mutating func step() throws(FormatError) -> Bool {
        switch state {
        case .start: state = try take(UInt8(ascii: "{"), .nameOrEnd, nil, .end)
        case .commaOrEnd: state = try take(UInt8(ascii: ","), .name, UInt8(ascii: "}"), .end)
        case .colon: state = try take(UInt8(ascii: ":"), .value, nil, .end)
        case .nameOrEnd where buffer[place] == UInt8(ascii: "}"):
            place += 1
            state = .end
        case .nameOrEnd, .name:
            guard buffer[place] == UInt8(ascii: "\"") else { throw .malformed(.tree, "a name is expected") }
            guard let range = try valueRange() else { return false }
            isNodes = buffer[range].elementsEqual(#""nodes""#.utf8)
            state = .colon
        case .value where isNodes:
            state = try take(UInt8(ascii: "["), .firstNode, nil, .end)
            isNodes = false
        case .value:
            guard try valueRange() != nil else { return false }
            state = .commaOrEnd
        case .firstNode, .node, .nodeOrEnd, .end: break
        }
        return true
    }

    /// Whether the member that comes is `nodes`.
    private var isNodes = false

    private mutating func take(
        _ byte: UInt8, _ next: State, _ other: UInt8?, _ otherwise: State
    ) throws(FormatError) -> State {
        let found = buffer[place]
        guard found == byte || found == other else { throw .malformed(.tree, "a bracket or comma is missing") }
        place += 1
        return found == byte ? next : otherwise
    }

    /// Where the value that begins at `place` stands; nil when it has not come whole. Then `place` is behind it.
    private mutating func valueRange() throws(FormatError) -> Range<Int>? {
        guard let end = try scan.end(of: buffer, from: place) else {
            guard buffer.count - place <= Self.longestNode else {
                throw .tooLarge(.tree, limit: Self.longestNode)
            }
            return nil
        }
        defer {
            place = end
            scan = ValueScan()
        }
        return place..<end
    }

    private mutating func skipSpace() {
        guard scan.isFresh else { return }
        while place < buffer.count, [0x20, 0x09, 0x0A, 0x0D].contains(buffer[place]) { place += 1 }
    }
}

/// Finds the end of a JSON value by its brackets and quotation marks, and goes on where it stopped.
private struct ValueScan: Sendable {
    private var done = 0
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    var isFresh: Bool { done == 0 }

    /// The place behind the value that begins at `start`; nil when it is not there yet.
    mutating func end(of buffer: [UInt8], from start: Int) throws(FormatError) -> Int? {
        while start + done < buffer.count {
            let byte = buffer[start + done]
            if isInString {
                done += 1
                if endsString(byte), depth == 0 { return start + done }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // The bracket of what holds a number or a word ends it.
                if depth == 0 {
                    guard done > 0 else { throw .malformed(.tree, "a value is missing") }
                    return start + done
                }
                depth -= 1
                if depth == 0 {
                    done += 1
                    return start + done
                }
            case UInt8(ascii: ","), 0x20, 0x0A, 0x0D, 0x09:
                if depth == 0 {
                    guard done > 0 else { throw .malformed(.tree, "a value is missing") }
                    return start + done
                }
            default: break
            }
            done += 1
        }
        return nil
    }

    /// Takes the next byte of a string; true for the quotation mark that ends it.
    private mutating func endsString(_ byte: UInt8) -> Bool {
        if isEscaped {
            isEscaped = false
            return false
        }
        isEscaped = byte == UInt8(ascii: "\\")
        isInString = byte != UInt8(ascii: "\"")
        return !isInString
    }
}
