// SPDX-License-Identifier: Apache-2.0

/// The number of the name of an attribute or tag.
typealias NameNumber = Int32

/// Gives the names of attributes and tags numbers in the order in which they come.
struct AttributeNames: Sendable {
    private var texts = Pages<Text>()
    private var table = NumberTable()

    var count: Int {
        texts.count
    }

    func text(_ number: NameNumber) -> Text {
        texts[number]
    }

    func number(of name: Text) -> NameNumber? {
        table.find(NumberTable.Hash(name)) { texts[$0] == name }
    }

    mutating func add(_ name: Text) -> NameNumber {
        let hash = NumberTable.Hash(name)
        if let number = table.find(hash, where: { texts[$0] == name }) { return number }
        let number = NameNumber(count)
        texts.append(name)
        table.insert(number, hash)
        return number
    }
}

/// What gives numbers to the names in values: a store for ever, a request for the time of its decision.
protocol Numbering {
    mutating func number(_ uid: EntityUID) -> EntityNumber
    mutating func number(_ name: Text) -> NameNumber
}
