// SPDX-License-Identifier: Apache-2.0

/// The number of the name of an attribute or tag.
typealias NameNumber = Int32

/// Gives the names of attributes and tags numbers in the order in which they come.
struct AttributeNames: Sendable {
    private var numbers: [Text: NameNumber] = [:]
    private var texts: [Text] = []

    var count: Int {
        texts.count
    }

    func text(_ number: NameNumber) -> Text {
        texts[Int(number)]
    }

    func number(of name: Text) -> NameNumber? {
        numbers[name]
    }

    mutating func add(_ name: Text) -> NameNumber {
        if let number = numbers[name] { return number }
        let number = NameNumber(texts.count)
        numbers[name] = number
        texts.append(name)
        return number
    }
}

/// What gives numbers to the names in values: a store for ever, a request for the time of its decision.
protocol Numbering {
    mutating func number(_ uid: EntityUID) -> EntityNumber
    mutating func number(_ name: Text) -> NameNumber
}
