// SPDX-License-Identifier: Apache-2.0

import CFuse
import Glibc
import ResticFormat

/// Answers what the kernel asks.
struct KernelAnswers: Sendable {
    let mounted: MountedRepository
    let complaints: Complaints

    /// How long the kernel may keep what it heard: what is in a snapshot never changes, what is above it does.
    private static let ages = (inside: 3_600.0, above: 10.0)

    func answer(_ question: KernelQuestion) async {
        do {
            try await reply(to: question)
        } catch MountError.number(let number) {
            question.fail(number)
        } catch {
            complaints.add("\(error)")
            question.fail(EIO)
        }
    }

    private func reply(to question: KernelQuestion) async throws {
        switch question.ask {
        case .look(let name, let folder):
            let (number, thing) = try await mounted.look(name, in: folder)
            question.reply(entry: number, mounted.status(of: thing), seconds: Self.age(of: thing))
        case .status(let number):
            let thing = try mounted.thing(number)
            question.reply(mounted.status(of: thing), seconds: Self.age(of: thing))
        case .target(let number): question.reply(target: try target(of: number))
        case .openFolder(let number): question.reply(handle: try await mounted.openFolder(number))
        case .openFile(let number): question.reply(handle: try await mounted.openFile(number))
        case .names(let handle, let offset, let room):
            guard case .folder(let entries)? = mounted.handles.get(handle) else { throw MountError.number(EBADF) }
            question.reply(entries, from: offset, room: room)
        case .read(let handle, let offset, let count):
            question.reply(try await mounted.read(handle, at: offset, count: count))
        case .attribute(let number, let name, let room):
            guard let attribute = try attributes(of: number).first(where: { $0.name == name }) else {
                throw MountError.number(ENODATA)
            }
            question.reply(attribute: attribute.value, room: room)
        case .attributes(let number, let room):
            question.reply(attribute: try attributes(of: number).flatMap { $0.name + [0] }, room: room)
        }
    }

    private func target(of number: UInt64) throws -> [UInt8] {
        switch try mounted.thing(number).kind {
        case .link(let target, _): target
        case .node(let node, _): node.linkTarget
        case .folder, .snapshot: throw MountError.number(EINVAL)
        }
    }

    private func attributes(of number: UInt64) throws -> [ExtendedAttribute] {
        if case .node(let node, _) = try mounted.thing(number).kind { node.extendedAttributes } else { [] }
    }

    private static func age(of thing: MountTable.Thing) -> Double {
        if case .node = thing.kind { ages.inside } else { ages.above }
    }
}
