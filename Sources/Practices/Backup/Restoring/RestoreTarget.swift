// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A folder of the target. It is opened once, and made, when the first thing in it is restored, and closed when nobody
/// restores into it any more.
final class RestoreTarget: Sendable {
    /// The folder around it, and its name there; nil at the top.
    private let way: (parent: RestoreTarget, name: [UInt8])?
    private let depth: Int
    private let opened: Mutex<Opened?>

    /// A folder that several steps share.
    final class Opened: Sendable {
        let folder: RestoreFolder

        init(_ folder: consuming RestoreFolder) {
            self.folder = folder
        }
    }

    /// How many folders inside each other are open at a time: a process may open some thousand files only.
    private static let openLevels = 128

    init(top: consuming RestoreFolder) {
        (way, depth) = (nil, 0)
        opened = Mutex(Opened(top))
    }

    init(_ name: [UInt8], in parent: RestoreTarget) {
        (way, depth) = ((parent, name), parent.depth + 1)
        opened = Mutex(nil)
    }

    /// The open folder, made where it or one on the way to it is missing.
    func open() throws(SystemError) -> Opened {
        var (missing, here): ([RestoreTarget], RestoreTarget) = ([], self)
        while true {
            if var folder = here.opened.withLock({ $0 }) {
                for target in missing.reversed() { folder = try target.open(in: folder) }
                return folder
            }
            // INVARIANT: the top is always open.
            guard let parent = here.way?.parent else { throw SystemError("open the folder") }
            missing.append(here)
            here = parent
        }
    }

    private func open(in parent: Opened) throws(SystemError) -> Opened {
        guard let way else { return parent }
        let folder = try opened.withLock { (opened) throws(SystemError) in
            if let opened { return opened }
            let made = Opened(try parent.folder.folder(way.name))
            opened = made
            return made
        }
        if way.parent.depth > Self.openLevels { way.parent.opened.withLock { $0 = nil } }
        return folder
    }
}
