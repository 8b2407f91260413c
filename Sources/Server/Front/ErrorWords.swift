// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// What an error page says: what happened, and what to do next.
enum ErrorWords {
    /// The title in the browser's tab.
    static func title(of fault: Fault) -> String {
        switch fault.code {
        case .invalidInput, .conflict: "That did not work"
        case .tooLarge: "Too much at once"
        case .notFound: "Page not found"
        case .notSignedIn: "Please sign in"
        case .refused: "Not allowed"
        case .throttled: "Too many attempts"
        case .unavailable, .newerFormat: "Not available now"
        case .storageFull: "No space left"
        case .damaged: "Data is damaged"
        case .internal: "Something went wrong"
        }
    }

    /// The page.
    static func page(_ fault: Fault, _ visitor: Visitor, _ reference: String) -> HTML {
        let ways: [HTML] = fault.ways.enumerated().map { place, way in
            Link(way.title, to: way.path, style: place == 0 ? .primary : .secondary).html
        }
        return ErrorNotice(
            code: fault.httpStatus, whatHappened: title(of: fault), explanation: fault.message,
            ways: ways.isEmpty ? "" : ButtonRow("\(ways)").html, nextSteps: steps(fault, visitor),
            reference: reference
        ).html
    }

    private static func steps(_ fault: Fault, _ visitor: Visitor) -> [HTML] {
        let home: HTML = "\(Link("Go to the first page", to: "/"))"
        switch fault.code {
        case .notSignedIn: return ["\(Link("Sign in", to: "/sign-in"))"]
        case .refused where !fault.ways.isEmpty:
            return [
                """
                If a life is in danger or the patient cannot wait, go on with the button above. It is written down, \
                and somebody else looks at it afterwards.
                """,
                """
                If you treat this patient regularly, ask an administrator to put your department or your number as a \
                practitioner right.
                """, home,
            ]
        case .refused where visitor.person != nil:
            return [
                """
                If you need this for your work, ask an administrator of your clinic: they see whether a role, a \
                department or a shift is missing.
                """,
                "In an emergency follow your clinic's downtime procedure; do not use a colleague's account.", home,
            ]
        case .throttled: return ["Wait, then try again.", "Ask an administrator if this was not you."]
        case .storageFull:
            return [
                "Ask your IT lead to free space on the disk that the message names.", "Reading charts goes on.", home,
            ]
        case .damaged: return ["Tell your IT lead now, and give them the reference below.", home]
        case .internal, .unavailable, .newerFormat:
            return ["Try again in a minute.", "If it happens again, give your IT lead the reference below.", home]
        case .invalidInput, .tooLarge, .notFound, .conflict, .refused: return [home]
        }
    }
}
