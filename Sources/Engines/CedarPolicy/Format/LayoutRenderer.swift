// SPDX-License-Identifier: Apache-2.0

/// Settles which groups go on one line. It keeps what is to do on a list of its own and does not recurse.
struct LayoutRenderer {
    private struct Task {
        let indent: Int
        let isFlat: Bool
        let layout: Layout
    }

    private let width: Int
    private var tasks: [Task]
    private var column = 0
    private var output: [UInt8] = []

    /// The text with lines of that width, where that can be had; nil when it has more bytes than `limit`.
    static func render(_ layout: Layout, width: Int, limit: Int) -> [UInt8]? {
        var renderer = LayoutRenderer(width: width, tasks: [Task(indent: 0, isFlat: false, layout: layout)])
        while let task = renderer.tasks.popLast() {
            renderer.run(task)
            if renderer.output.count > limit { return nil }
        }
        return renderer.output
    }

    private init(width: Int, tasks: [Task]) {
        self.width = width
        self.tasks = tasks
    }

    private mutating func run(_ task: Task) {
        switch task.layout {
        case .text(let bytes, let columns): write(bytes, columns)
        case .hardBreak: breakLine(task.indent)
        case .softBreak(let isSpace): if !task.isFlat { breakLine(task.indent) } else if isSpace { write([0x20], 1) }
        case .sequence(let layouts):
            for layout in layouts.reversed() {
                tasks.append(Task(indent: task.indent, isFlat: task.isFlat, layout: layout))
            }
        case .nested(let more, let layout):
            tasks.append(Task(indent: task.indent + more, isFlat: task.isFlat, layout: layout))
        case .grouped(let layout):
            tasks.append(Task(indent: task.indent, isFlat: task.isFlat || fits(layout), layout: layout))
        }
    }

    private mutating func write(_ bytes: [UInt8], _ columns: Int) {
        output += bytes
        column += columns
    }

    /// The new line begins where what comes next belongs, which may be further left than the break itself.
    private mutating func breakLine(_ own: Int) {
        let indent = tasks.last?.indent ?? own
        output.append(0x0A)
        output += repeatElement(0x20, count: indent)
        column = indent
    }

    /// Whether that on one line, and what follows it to the next place where a line may end, is within the width.
    private func fits(_ layout: Layout) -> Bool {
        var column = column
        var isFlat = true
        var rest: [ArraySlice<Layout>] = [[layout]]
        var following = tasks.count
        while true {
            guard var part = rest.popLast() else {
                guard following > 0 else { return true }
                following -= 1
                isFlat = false
                rest.append([tasks[following].layout])
                continue
            }
            guard let next = part.popFirst() else { continue }
            if !part.isEmpty { rest.append(part) }
            switch next {
            case .text(_, let columns):
                column += columns
                if column > width { return false }
            case .hardBreak: return !isFlat
            case .softBreak(let isSpace):
                guard isFlat else { return true }
                if isSpace { column += 1 }
                if isSpace, column > width { return false }
            case .sequence(let layouts): rest.append(layouts[...])
            case .nested(_, let layout), .grouped(let layout): rest.append([layout])
            }
        }
    }
}
