// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// What is in a folder of a snapshot, and never all of it in memory where there is very much.
enum FolderContent: Sendable {
    case nodes([Node])
    case long(TreeText)

    /// - Throws: `FormatError` where a short text is none of a folder; a long one says so when it is gone through.
    init(_ text: TreeText) throws(FormatError) {
        switch text {
        case .plain: self = .nodes(try text.nodes())
        case .packed: self = .long(text)
        }
    }

    /// Goes through it once.
    ///
    /// - Throws: `FormatError` where there is no memory.
    func cursor() throws(FormatError) -> Cursor {
        try Cursor(self)
    }

    /// Shows every node.
    ///
    /// - Throws: `FormatError` where the text is none of a folder, and what `visit` throws.
    func each(_ visit: (Node) throws -> Void) throws {
        var cursor = try cursor()
        while let node = try cursor.next() { try visit(node) }
    }

    /// Gives one node after another.
    struct Cursor: ~Copyable {
        private var nodes: ArraySlice<Node> = []
        private var reader: TreeTextReader?

        fileprivate init(_ content: FolderContent) throws(FormatError) {
            switch content {
            case .nodes(let nodes):
                self.nodes = nodes[...]
                reader = nil
            case .long(let text): reader = try TreeTextReader(text)
            }
        }

        /// The next node; nil after the last.
        ///
        /// - Throws: `FormatError` where the text is none of a folder.
        mutating func next() throws(FormatError) -> Node? {
            guard reader == nil else { return try reader?.next() }
            return nodes.popFirst()
        }
    }
}
