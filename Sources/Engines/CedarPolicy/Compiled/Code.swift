// SPDX-License-Identifier: Apache-2.0

/// Expressions as a row of small nodes that name one another by their places, operands before operators.
struct Code: Sendable {
    typealias Place = Int32

    /// Places, names or other numbers that belong to one node: a stretch of `lists`.
    struct Stretch: Sendable {
        let start: Int32
        let count: Int32
    }

    /// The forms of nodes. There is nothing in them to count references of, so reading one is copying 16 bytes.
    enum Node: Sendable {
        case constant(Int32)
        case bool(Bool)
        case variable(Variable)
        case conditional(Place, then: Place, otherwise: Place)
        /// A row of `&&`, in whichever way it was bracketed: the same operands are looked at in the same order.
        case all(Stretch)
        /// The same of `||`.
        case any(Stretch)
        case unary(UnaryOperator, Place)
        case binary(BinaryOperator, Place, Place)
        case attribute(Place, NameNumber)
        case has(Place, Stretch)
        case like(Place, pattern: Int32)
        case isType(Place, TypeNumber)
        case isTypeWithin(Place, TypeNumber, group: Place)
        case set(Stretch)
        /// Names and places by turns.
        case record(Stretch)
        case call(ExtensionFunction, Stretch)
    }

    private(set) var nodes: [Node] = []
    /// Where each node stands in its text.
    private(set) var positions: [Position] = []
    private(set) var constants: [CompiledValue] = []
    private(set) var patterns: [Pattern] = []
    private var lists: [Int32] = []

    mutating func add(_ node: Node, at position: Position) -> Place {
        nodes.append(node)
        positions.append(position)
        return Place(nodes.count - 1)
    }

    mutating func add(list: [Int32]) -> Stretch {
        lists += list
        return Stretch(start: Int32(lists.count - list.count), count: Int32(list.count))
    }

    mutating func add(_ constant: CompiledValue) -> Int32 {
        constants.append(constant)
        return Int32(constants.count - 1)
    }

    mutating func add(_ pattern: Pattern) -> Int32 {
        patterns.append(pattern)
        return Int32(patterns.count - 1)
    }

    /// A member of a stretch.
    func member(_ place: Int32) -> Int32 {
        lists[Int(place)]
    }
}

extension Code.Stretch {
    /// Where its members are.
    var places: Range<Int32> {
        start..<start + count
    }
}
