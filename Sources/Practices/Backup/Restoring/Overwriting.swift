// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// What becomes of files that are there already; names are restic's.
enum Overwriting: String, Sendable, CaseIterable {
    /// They are replaced.
    case always
    /// They are replaced unless their length and time are those of the snapshot.
    case ifChanged = "if-changed"
    /// They are replaced where the snapshot's is the newer one.
    case ifNewer = "if-newer"
    /// They stay.
    case never

    /// Whether what is there under the node's name stays.
    func keeps(_ node: Node, in folder: borrowing RestoreFolder) throws(SystemError) -> Bool {
        guard self != .always else { return false }
        let there: SourceStatus
        do {
            there = try SourceStatus(of: node.name, in: folder.number)
        } catch  where error.isMissing {
            return false
        }
        switch self {
        case .always: return false
        case .ifChanged:
            return node.type == .file && there.type == .file && UInt64(clamping: there.size) == node.size
                && there.modified.timestamp.isSameMoment(as: node.modified)
        case .ifNewer: return !there.modified.timestamp.isBefore(node.modified)
        case .never: return true
        }
    }
}
