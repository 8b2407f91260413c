// SPDX-License-Identifier: Apache-2.0

/// First in, first out, with constant cost for both ends.
struct JobQueue<Element> {
    private var elements: [Element?] = []
    private var head = 0

    var isEmpty: Bool {
        head == elements.count
    }

    var count: Int {
        elements.count - head
    }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head]
        elements[head] = nil
        head += 1
        if head == elements.count || head >= 1_024 {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    /// Removes and returns up to `count` elements.
    mutating func popFirst(_ count: Int) -> [Element] {
        var batch: [Element] = []
        while batch.count < count, let element = popFirst() { batch.append(element) }
        return batch
    }
}
