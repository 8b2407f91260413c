// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Kernel

/// The store of the system, which curl and most programs but browsers use (update-ca-certificates(8)).
struct SystemTrustStore: TrustStore {
    private static let folder = "/usr/local/share/ca-certificates"
    private static let update = "/usr/sbin/update-ca-certificates"

    let name = "system"
    let plan = "\(SystemTrustStore.folder), then run update-ca-certificates"

    func trust(_ authority: AuthorityFile) throws -> TrustOutcome {
        let target = "\(Self.folder)/\(authority.systemName)"
        if FileManager.default.contentsEqual(atPath: target, andPath: authority.path) {
            return .already("trusted already (\(target))")
        }
        if let hindrance { return .impossible(hindrance) }
        do {
            try FileManager.default.createDirectory(atPath: Self.folder, withIntermediateDirectories: true)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: authority.path))
            try bytes.write(to: URL(fileURLWithPath: target), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: target)
        } catch {
            throw Fault(.unavailable, "\(target) cannot be written.", cause: error)
        }
        return try refreshed("trusted now (\(target))")
    }

    func untrust(_ authority: AuthorityFile) throws -> TrustOutcome {
        let target = "\(Self.folder)/\(authority.systemName)"
        guard FileManager.default.fileExists(atPath: target) else { return .already("did not trust it") }
        if let hindrance { return .impossible(hindrance) }
        do {
            try FileManager.default.removeItem(atPath: target)
        } catch {
            throw Fault(.unavailable, "\(target) cannot be removed.", cause: error)
        }
        return try refreshed("trusted no longer (\(target) is gone)")
    }

    private var hindrance: String? {
        if geteuid() != 0 { return "only root may. Run it with sudo; your browsers need no root." }
        guard FileManager.default.isExecutableFile(atPath: Self.update) else {
            return "update-ca-certificates is missing: apt install ca-certificates"
        }
        return nil
    }

    private func refreshed(_ text: String) throws -> TrustOutcome {
        let result = try ProgramResult.of(Self.update, [])
        return result.succeeded ? .done(text) : .impossible("update-ca-certificates failed: \(result.lastLine)")
    }
}
