// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// The two cookies: the session, which goes with the browser's window, and the mark of a browser that is known.
enum Cookies {
    static let session = "__Host-salus"
    static let device = "__Host-salus-device"

    fileprivate static let attributes = "Path=/; Secure; HttpOnly; SameSite=Lax"
}

extension PageRequest {
    /// The token of the session cookie.
    var sessionToken: SecretToken? { SecretToken(cookies[Cookies.session]) }
    /// The token of the device cookie.
    var deviceToken: SecretToken? { SecretToken(cookies[Cookies.device]) }
}

extension Answer {
    /// The same answer, which opens the session in this browser.
    func opening(_ session: SecretToken) -> Answer {
        with("set-cookie", "\(Cookies.session)=\(session.text); \(Cookies.attributes)")
    }

    /// The same answer, which makes this browser a known one for 180 days.
    func marking(_ device: SecretToken) -> Answer {
        let age = Devices.lifetime.components.seconds
        return with("set-cookie", "\(Cookies.device)=\(device.text); Max-Age=\(age); \(Cookies.attributes)")
    }

    /// The same answer, which takes the session cookie away.
    func closingSession() -> Answer {
        with("set-cookie", "\(Cookies.session)=; Max-Age=0; \(Cookies.attributes)")
    }
}
