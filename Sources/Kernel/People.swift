// SPDX-License-Identifier: Apache-2.0

/// What the house knows of someone who can sign in.
package struct PersonSummary: Sendable, Hashable {
    /// Who.
    package let id: Identifier<Person>
    /// The name that colleagues know.
    package let name: String
    /// The sign-in name, lower case.
    package let login: String
    /// The ids of the person's roles, sorted.
    package let roles: [String]
    /// Whether the person may sign in at all.
    package let isEnabled: Bool
    /// Whether a second factor is enrolled.
    package let hasSecondFactor: Bool

    /// A person.
    package init(
        id: Identifier<Person>, name: String, login: String, roles: [String], isEnabled: Bool, hasSecondFactor: Bool
    ) {
        self.id = id
        self.name = name
        self.login = login
        self.roles = roles
        self.isEnabled = isEnabled
        self.hasSecondFactor = hasSecondFactor
    }
}

/// The port to the people of the institution: who are you.
package protocol PeopleDirectory: Sendable {
    /// The person with this id, as of now; nil when there is none.
    func person(_ id: Identifier<Person>) async throws -> PersonSummary?
    /// Everyone, sorted by name.
    func everyone() async throws -> [PersonSummary]
    /// Whose session the secret in this cookie opens, as of now; nil when it opens none.
    func signedIn(cookie: String) async throws -> SignedIn?
    /// Whether it is the person of this session who sits at the browser, and not somebody who found it open: proved
    /// in the last minutes, or by `proof`, a password or a code, which then counts for the next minutes.
    ///
    /// - Throws: `Fault.throttled` after too many wrong proofs.
    func isProved(cookie: String, by proof: String?) async throws -> Bool
    /// Whether `code` is a new code of the authenticator of whoever this session belongs to: for what a password, or a
    /// proof of some minutes ago, must not be enough. It is used up then.
    ///
    /// - Throws: `Fault.throttled` after too many wrong proofs.
    func isProved(cookie: String, byCode code: String) async throws -> Bool
}

extension PeopleDirectory {
    package func isProved(cookie: String, by proof: String?) async throws -> Bool { false }
    package func isProved(cookie: String, byCode code: String) async throws -> Bool { false }
}

/// Somebody who signed in, and how.
package struct SignedIn: Sendable, Hashable {
    /// Who.
    package let person: PersonSummary
    /// How strongly and when they proved it.
    package let assurance: Assurance
    /// The value that every form of this session must carry.
    package let formToken: String
    /// The session's own id, which is no secret.
    package let session: String

    /// A session of `person`.
    package init(person: PersonSummary, assurance: Assurance, formToken: String, session: String) {
        self.person = person
        self.assurance = assurance
        self.formToken = formToken
        self.session = session
    }
}
