// SPDX-License-Identifier: Apache-2.0

import Access
import Building
import Codecs
import Kernel
import Ledger
import Posture
import TransparencyLog
import Web

/// The evidence log for people: the newest entries, one entry with its proof, and the proof as a file.
struct LogPages: Sendable {
    let estate: Estate
    let titles: [String: String]
    /// Actions in words, by their ids.
    private let acts: [String: String]
    private static let pageLength: Int64 = 50

    init(estate: Estate) {
        self.estate = estate
        titles = Dictionary(Practices.facts.map { ($0.id, $0.title) }) { first, _ in first }
        acts = Dictionary(Practices.actions.map { ($0.id, $0.title) }) { first, _ in first }
    }

    func add(to site: inout Site) {
        site.get("/log", ConsoleActions.readLog) { request in try await list(request) }
        site.get("/log/{position}", ConsoleActions.readLog) { request in try await entry(request) }
        site.get("/log/{position}/proof", ConsoleActions.readLog) { request in try await proofFile(request) }
    }

    private func list(_ request: PageRequest) async throws -> Answer {
        let log = estate.house.ledger
        try await log.settle()
        var query = LeafQuery(limit: Self.pageLength)
        let choice = LogChoice(request.query["kind"], known: titles)
        (query.kind, query.without) = (choice.kind, choice.without)
        query.before = request.query["before"].flatMap { Int64($0) }
        let leaves = try await log.leaves(query)
        let people = Dictionary(
            try await estate.house.directory.everyone().map { ($0.id.description, $0.name) }
        ) { first, _ in first }
        let rows: [[HTML]] = leaves.map { placed in
            [
                "\(Link(heading(placed.leaf), to: "/log/\(placed.position)"))", "\(actor(placed.leaf.actor, people))",
                TimeText(placed.leaf.effective ?? placed.leaf.at, in: estate.house.localTime).html,
                "\(placed.position)",
            ]
        }
        let content: HTML = """
            \(PageHeading("Evidence log", lead: "Everything that happened, in an order that nobody can change quietly."))
            \(filter(choice))
            \(DataTable(
                caption: "Entries, newest first",
                columns: [.init("What happened"), .init("Who"), .init("When"), .init("Entry", isNumber: true)],
                rows: rows, isCompact: true,
                empty: EmptyState("No entries", text: "Nothing of this kind has happened yet.")))
            \(older(leaves, choice))
            \(try await summary())
            """
        return .page("Evidence log", content)
    }

    private func summary() async throws -> HTML {
        guard let checkpoint = try await estate.house.ledger.checkpoint()?.checkpoint else { return "" }
        let pairs = DefinitionList([
            ("Entries", "\(grouped(checkpoint.size))"),
            ("Root", HashText(checkpoint.root.base64, length: nil).html),
            ("Public key", HashText(estate.house.ledger.verifierKey, length: nil).html),
            ("Checkpoint", "\(Link("Download the signed checkpoint", to: "/ledger/checkpoint"))"),
        ])
        let words: HTML = """
            <p>Keep the root outside this machine. Whoever has it can find out whether an entry was changed or taken \
            out afterwards; the public key shows that Salus signed it.</p>
            """
        return PageSection("Check it from outside", content: "\(words)\(pairs)").html
    }

    private func filter(_ choice: LogChoice) -> HTML {
        let choices =
            [
                FormField.Choice("", "Everything but measurements"),
                FormField.Choice(LogChoice.everything, "Everything, measurements too"),
            ] + titles.sorted { $0.value < $1.value }.map { FormField.Choice($0.key, $0.value) }
        return SearchForm(
            action: "/log",
            content: """
                \(FormField("kind", label: "What happened", kind: .choice(choices), value: choice.text))
                \(ActionButton("Show", style: .secondary))
                """
        ).html
    }

    private func older(_ leaves: [PlacedLeaf], _ choice: LogChoice) -> HTML {
        guard leaves.count == Int(Self.pageLength), let last = leaves.last, last.position > 0 else { return "" }
        let suffix = choice.text.isEmpty ? "" : "&kind=\(choice.text)"
        return "<p>\(Link("Older entries", to: "/log?before=\(last.position)\(suffix)", style: .secondary))</p>"
    }

    private func title(_ kind: String) -> String {
        titles[kind] ?? kind
    }

    /// The kind in words; of a reading also what was measured, of a decision also what was asked for.
    private func heading(_ leaf: Ledger.Leaf) -> String {
        let measure = leaf.data["measure"]?.stringValue.flatMap { id in
            estate.posture.probes.first { $0.measure.id == id }?.measure.title
        }
        let about = measure ?? leaf.data["action"]?.stringValue.flatMap { acts[$0] }
        return about.map { "\(title(leaf.kind)): \($0)" } ?? title(leaf.kind)
    }

    private func actor(_ actor: EntityReference, _ people: [String: String]) -> String {
        switch actor.type {
        case "person": people[actor.id] ?? "A person who is no longer here"
        case "operator": "Operator on the machine (user \(actor.id))"
        case "system": "Salus"
        case "anonymous": "Somebody not signed in"
        default: "\(actor.type) \(actor.id)"
        }
    }

    private func position(_ request: PageRequest) throws -> Int64 {
        guard let position = Int64(try request.parameter("position")), position >= 0 else {
            throw Fault(.notFound, "The log has no such entry.")
        }
        return position
    }

    private func entry(_ request: PageRequest) async throws -> Answer {
        let position = try position(request)
        let log = estate.house.ledger
        let (placed, proof) = (try await log.leaf(at: position), try await log.proof(of: position))
        let people = Dictionary(
            try await estate.house.directory.everyone().map { ($0.id.description, $0.name) }
        ) { first, _ in first }
        let leafHash = MerkleHash.leaf(placed.bytes)
        let key = try VerifierKey(vkey: log.verifierKey)
        let verified = try? proof.verify(leaf: leafHash, verifiers: [key])
        let content: HTML = """
            \(Breadcrumb([Link("Evidence log", to: "/log")], current: "Entry \(position)"))
            \(PageHeading(heading(placed.leaf), lead: "Entry \(position) of the evidence log"))
            \(PageSection("What was recorded", content: DefinitionList(particulars(placed.leaf, people)).html))
            \(proofSection(proof, leafHash, verified, position))
            \(PageSection("The entry as it is hashed", content: CodeBlock(String(decoding: placed.bytes, as: UTF8.self), label: "Entry \(position)").html))
            """
        return .page("Entry \(position)", content)
    }

    private func particulars(_ leaf: Ledger.Leaf, _ people: [String: String]) -> [(term: String, value: HTML)] {
        var pairs: [(term: String, value: HTML)] = [
            ("What", "\(title(leaf.kind)) (\(leaf.kind))"), ("Who", "\(actor(leaf.actor, people))"),
            ("Recorded", both(leaf.at)),
        ]
        if let effective = leaf.effective { pairs.append(("Took effect", both(effective))) }
        if let on = leaf.on { pairs.append(("About", "Patient \(HashText(Hex.encode(on)))")) }
        for member in leaf.data.objectValue ?? [] {
            pairs.append((Self.capitalized(member.name), Self.value(of: member)))
        }
        return pairs
    }

    /// On the institution's clock, and exactly as the entry has it.
    private func both(_ instant: Instant) -> HTML {
        "\(TimeText(instant, in: estate.house.localTime)) <span class=\"note\">\(instant.rfc3339)</span>"
    }

    private static func capitalized(_ name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst()
    }

    /// Rules lead to their pages: why something was allowed or refused is one step away.
    private static func value(of member: CanonicalMember) -> HTML {
        switch (member.name, member.value) {
        case ("rules", .array(let rules)):
            let links: [HTML] = rules.enumerated().map { place, rule in
                place == 0 ? link(toRule: text(rule)) : ", \(link(toRule: text(rule)))"
            }
            return links.isEmpty ? "none" : HTML(links)
        case ("nearest", .string(let rule)): return link(toRule: rule)
        default: return "\(text(member.value))"
        }
    }

    private static func link(toRule id: String) -> HTML {
        Link(id, to: AccessPractice.path(ofRule: id)).html
    }

    private static func text(_ value: CanonicalValue) -> String {
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .boolean(let truth): truth ? "yes" : "no"
        case .array(let values): values.isEmpty ? "none" : values.map(text).joined(separator: ", ")
        case .object(let members): members.map { "\($0.name): \(text($0.value))" }.joined(separator: ", ")
        }
    }

    private func proofSection(
        _ proof: LogProof, _ leaf: MerkleHash, _ verified: VerifiedCheckpoint?, _ position: Int64
    ) -> HTML {
        let size = verified?.checkpoint.size ?? 0
        let path = ProofPath(
            leafHash: leaf.base64, siblings: siblings(of: UInt64(position), size: size, proof.hashes),
            rootHash: verified?.checkpoint.root.base64 ?? "", state: verified == nil ? .notMet : .met)
        let words: HTML =
            verified == nil
            ? "<p class=\"proof-words\">The proof does not hold. Tell your IT lead now; <code>salus ledger verify</code> finds the place.</p>"
            : "<p class=\"proof-words\">The entry, hashed with the lines below one after the other, gives the root that Salus signed. So it stands in the log, and was not changed.</p>"
        let actions = Link("Download the proof", to: "/log/\(position)/proof", style: .secondary).html
        return PageSection("Proof that it is in the log", actions: actions, content: "\(words)\(path)").html
    }

    /// On which side each hash of the proof stands (RFC 9162 section 2.1.3.2).
    private func siblings(of index: UInt64, size: UInt64, _ hashes: [MerkleHash]) -> [ProofPath.Sibling] {
        var (node, last) = (index, size > 0 ? size - 1 : 0)
        return hashes.map { hash in
            let isLeft = node & 1 == 1 || node == last
            if isLeft, node & 1 == 0 {
                while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
            }
            (node, last) = (node >> 1, last >> 1)
            return ProofPath.Sibling(hash: hash.base64, isLeft: isLeft)
        }
    }

    private func proofFile(_ request: PageRequest) async throws -> Answer {
        let position = try position(request)
        let proof = try await estate.house.ledger.proof(of: position, holdsLeaf: true)
        return Answer(
            headers: [("content-disposition", "attachment; filename=\"entry-\(position).tlog-proof\"")],
            body: .bytes(proof.bytes, mediaType: "text/plain; charset=utf-8"))
    }
}
