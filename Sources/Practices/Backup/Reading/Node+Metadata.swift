// SPDX-License-Identifier: Apache-2.0

import ResticFormat

extension Node {
    /// Whether everything but the parts of a file is the same. Times are compared as moments, whatever the clock showed;
    /// attributes in any order.
    func hasSameMetadata(as other: Node) -> Bool {
        name == other.name && type == other.type && mode == other.mode && hasSameTimes(as: other)
            && hasSameOwner(as: other) && inode == other.inode && device == other.device && size == other.size
            && links == other.links && linkTarget == other.linkTarget && deviceNumber == other.deviceNumber
            && Self.sorted(extendedAttributes) == Self.sorted(other.extendedAttributes)
            && genericAttributes == other.genericAttributes && subtree == other.subtree
            && error.utf8.elementsEqual(other.error.utf8)
    }

    private func hasSameTimes(as other: Node) -> Bool {
        modified.isSameMoment(as: other.modified) && accessed.isSameMoment(as: other.accessed)
            && changed.isSameMoment(as: other.changed)
    }

    private func hasSameOwner(as other: Node) -> Bool {
        uid == other.uid && gid == other.gid && user.utf8.elementsEqual(other.user.utf8)
            && group.utf8.elementsEqual(other.group.utf8)
    }

    private static func sorted(_ attributes: [ExtendedAttribute]) -> [ExtendedAttribute] {
        attributes.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }
}
