// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// Says why a welcome link does not work and whom to ask.
enum DeadLinkPage {
    static func content(_ dead: DeadLink, _ time: LocalTime) -> HTML {
        """
        \(PageHeading("This link no longer works", lead: reason(dead, time)))
        <h2>What you can do</h2>
        <div class="prose"><ul>
        <li>\(first(dead))</li>
        <li>Ask an administrator of your institution for a new link: they find you under People.</li>
        <li>Nobody can sign in yet, or the only administrator lost their phone? On the server, \
        <code>salus people reset-factor</code> followed by the sign-in name prints a new link.</li>
        </ul></div>
        """
    }

    private static func reason(_ dead: DeadLink, _ time: LocalTime) -> String {
        switch dead {
        case .used(let when): "It was used on \(time.text(when)). A welcome link works once."
        case .expired(let when): "It ran out on \(time.text(when)). A welcome link works for 24 hours."
        case .unknown: "It was replaced by a newer one, taken back, or not copied completely."
        }
    }

    private static func first(_ dead: DeadLink) -> HTML {
        switch dead {
        case .used:
            """
            Was it you who used it? Then \(Link("sign in", to: "/sign-in")). If it was not, tell an administrator at \
            once: somebody else may have set up your sign-in.
            """
        case .expired: "If you have set up your sign-in already, \(Link("sign in", to: "/sign-in"))."
        case .unknown: "Copy the whole link, from https to its last character, and open it again."
        }
    }
}
