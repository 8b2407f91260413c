// SPDX-License-Identifier: Apache-2.0

import Kernel
import Keyring
import Web

/// What the first administrator is asked after the welcome: whether they treat patients, and to keep the recovery
/// phrase.
struct FirstStepsPages: Sendable {
    let account: AccountDesk
    let gate: ProofGate
    let keyring: Keyring
    let registry: Registry

    func add(to site: inout Site) {
        site.get("/welcome/first", IdentityActions.managePeople) { request in .page("Welcome", first(request)) }
        site.post("/welcome/first", IdentityActions.managePeople) { request in
            let answer = request.form["answer"] ?? ""
            guard let treats = ["yes": true, "no": false][answer] else {
                throw Fault(.invalidInput, "Please answer yes or no.")
            }
            let act = ProofGate.Act(
                title: "Continue",
                words: treats ? "You will be a physician too, and can open charts." : "You will open no charts.",
                cancel: "/welcome/first")
            return try await gate.before(act, request) {
                try await account.answer(treatsPatients: treats, of: try request.person().person.id)
                return .seeOther("/welcome/recovery")
            }
        }
        site.get("/welcome/recovery", IdentityActions.keepRecoveryPhrase) { request in
            guard try await keyring.status().recoveryPending else { return Self.nothingLeft }
            return try await gate.before(Self.seeing, request) { try await phrase(request) }
        }
        site.post("/welcome/recovery", IdentityActions.keepRecoveryPhrase) { request in
            try await gate.before(Self.seeing, request) { .seeOther("/welcome/recovery") }
        }
        site.get("/welcome/recovery/check", IdentityActions.keepRecoveryPhrase) { request in
            guard try await keyring.status().recoveryPending else { return Self.nothingLeft }
            return .page("Recovery phrase", quiz(request, isWrong: false))
        }
        site.post("/welcome/recovery/check", IdentityActions.keepRecoveryPhrase) { request in
            try await check(request)
        }
    }

    private static let seeing = ProofGate.Act(
        title: "Show the words",
        words: "The 24 words open all patient data. Look around: nobody else should see them.", cancel: "/")

    private func first(_ request: PageRequest) -> HTML {
        let fields: HTML = """
            \(FormField("answer", label: "Do you also treat patients?", kind: .radio([
                .init("yes", "Yes", hint: "You become a physician too, and can open charts."),
                .init("no", "No", hint: "You run the system and open no charts."),
            ]), isRequired: true))
            \(ButtonRow("\(ActionButton("Continue"))"))
            """
        return """
            \(StepList(["You", "Recovery phrase"], current: 0))
            \(PageHeading("One question about you",
                lead: "Whoever runs the system does not see charts, unless they treat patients as well."))
            \(PostForm(action: "/welcome/first", csrf: request.formField, content: fields))
            """
    }

    private func phrase(_ request: PageRequest) async throws -> Answer {
        let person = try request.person().person
        guard let words = try await keyring.showRecoveryPhrase(to: .person(person.id)) else {
            return Self.nothingLeft
        }
        return .page(
            "Recovery phrase",
            """
            \(StepList(["You", "Recovery phrase"], current: 1))
            \(PageHeading("Write down these 24 words",
                lead: "They open the patient data again if this server or its key file is lost. Nothing else does."))
            \(RecoveryWords(words))
            \(Callout(.warning, "On paper, in a safe, away from this server.", content: """
                <p>Whoever has the words and a copy of the data can read everything. Do not photograph them and do \
                not store them in a computer. Once you have confirmed them, Salus forgets them.</p>
                """))
            \(ButtonRow("""
                \(Link("I have written them down", to: "/welcome/recovery/check", style: .primary))\
                \(Link("Later", to: "/", style: .secondary))
                """))
            """)
    }

    private func quiz(_ request: PageRequest, isWrong: Bool) -> HTML {
        let numbers = questions(request)
        let fields: [HTML] = numbers.enumerated().map { index, number in
            FormField(
                "word-\(number)", label: "Word \(number)", autocomplete: "off", isRequired: true, isFocused: index == 0
            ).html
        }
        let again = Link("see the words again", to: "/welcome/recovery")
        let wrong = Callout(
            .danger, "At least one word is not right.", content: "<p>Compare with your paper. You can \(again).</p>")
        let notice = isWrong ? wrong : nil
        let buttons: HTML = """
            \(ActionButton("Confirm"))\(Link("See the words again", to: "/welcome/recovery", style: .secondary))
            """
        return """
            \(StepList(["You", "Recovery phrase"], current: 1))
            \(PageHeading("Three words from your paper", lead: "So that nobody finds out too late that a word is missing."))
            \(notice)
            \(PostForm(action: "/welcome/recovery/check", csrf: request.formField,
                content: "\(fields)\(ButtonRow(buttons))"))
            """
    }

    private func check(_ request: PageRequest) async throws -> Answer {
        guard try await keyring.status().recoveryPending else { return Self.nothingLeft }
        let words = questions(request).map { number in
            (number, (request.form["word-\(number)"] ?? "").filter { !$0.isWhitespace })
        }
        let isRight = try await keyring.confirmRecoveryPhrase(
            Dictionary(uniqueKeysWithValues: words), by: .person(try request.person().person.id))
        guard isRight else { return .page("Recovery phrase", status: 422, quiz(request, isWrong: true)) }
        return .page(
            "Recovery phrase",
            """
            \(PageHeading("The recovery phrase is safe with you",
                lead: "Salus has forgotten it; the only copy is on your paper."))
            \(ButtonRow("\(Link("Go to the overview", to: "/", style: .primary))"))
            """)
    }

    private func questions(_ request: PageRequest) -> [Int] {
        guard case .person(let signedIn) = request.visitor else { return [] }
        return RecoveryQuiz(session: signedIn.session, registry).numbers
    }

    private static var nothingLeft: Answer {
        .page(
            "Recovery phrase",
            """
            \(PageHeading("The recovery phrase was confirmed",
                lead: "It is on paper with whoever confirmed it, and cannot be shown again."))
            \(ButtonRow("\(Link("Go to the overview", to: "/", style: .primary))"))
            """)
    }
}
