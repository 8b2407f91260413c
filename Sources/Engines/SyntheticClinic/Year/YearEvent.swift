// SPDX-License-Identifier: Apache-2.0

/// Something that happened in the clinic's year. People are positions in `SyntheticClinic.staff`, patients positions in
/// `SyntheticClinic.patients`.
public struct YearEvent: Hashable, Sendable {
    /// Minutes since the midnight at which the clinic's `today` began; negative, because all of it is past.
    public let minute: Int
    /// What happened.
    public let kind: Kind

    /// Whole days before the clinic's `today`, 1 or more.
    public var daysAgo: Int { (-minute + 1_439) / 1_440 }

    /// Who was signed in to do it; nil where nobody had to be.
    var actor: Int? {
        switch kind {
        case .work(let kind, let person, _): kind == .signInRefused || kind == .signedIn ? nil : person
        case .people(.rolesChanged(_, _, let by)), .people(.closed(_, let by)), .people(.reset(_, let by)): by
        case .people(.invited(_, let by)): by
        case .emergency(_, .reviewed(let by, _, _)), .emergency(_, .followUpClosed(let by, _, _)): by
        case .emergency(_, .opened(let person, _, _, _)): person
        case .rolesKept(_, let by), .roleRefused(_, _, let by): by
        case .rules(_, .proposed(let by, _, _)), .rules(_, .approved(let by)), .rules(_, .sentBack(let by, _)): by
        case .rules(_, .withdrawn(let by)): by
        case .application(_, .added(let by)), .application(_, .tokenChanged(let by)), .backup(.setUp(let by)): by
        default: nil
        }
    }

    /// Who signed in by it; nil for everything else.
    var arrival: Int? {
        switch kind {
        case .work(.signedIn, let person, _): person
        case .people(.enrolled(let person)), .people(.usedRecoveryCode(let person)): person
        default: nil
        }
    }

    /// Whether what is there today would be another without it: accounts, charts and roles.
    var isLasting: Bool {
        switch kind {
        case .people, .imported, .rolesKept, .roleRefused: true
        case .application(_, .added): true
        default: false
        }
    }

    /// What can happen.
    public enum Kind: Hashable, Sendable {
        /// Something about who can sign in.
        case people(PeopleAct)
        /// Charts of these patients were taken in.
        case imported([Int])
        /// Somebody signed in or read a chart, or was refused.
        case work(HistoryEvent.Kind, person: Int, patient: Int?)
        /// Something about an emergency; they are numbered from 0 in the order of their opening.
        case emergency(Int, EmergencyAct)
        /// Somebody said of all roles of a person that they are still needed.
        case rolesKept(person: Int, by: Int)
        /// Somebody said that a person needs a role no more.
        case roleRefused(person: Int, role: Role, by: Int)
        /// Something about a draft of rules; they are numbered from 0.
        case rules(Int, RuleAct)
        /// Something about a program that asks who may do what.
        case application(String, ApplicationAct)
        /// Something about backups.
        case backup(BackupAct)
        /// The keys were rotated by whoever runs the machine.
        case keysRotated
        /// Salus was stopped, and started again.
        case stopped, started
    }

    /// What happens to accounts.
    public enum PeopleAct: Hashable, Sendable {
        /// A welcome link was made, for somebody new or because the link before ran out.
        case invited(Int, by: Int?)
        /// A password was chosen, and the telephone not connected yet.
        case passwordChosen(Int)
        /// Password, telephone and recovery codes were set up.
        case enrolled(Int)
        /// A telephone was lost: everything was taken away, and a new link made.
        case reset(Int, by: Int)
        /// Somebody signed in with a recovery code, the telephone being elsewhere.
        case usedRecoveryCode(Int)
        /// Somebody has these roles from now on.
        case rolesChanged(Int, [Role], by: Int)
        /// An account was closed.
        case closed(Int, by: Int)
    }

    /// What happens to an emergency.
    public enum EmergencyAct: Hashable, Sendable {
        /// A chart was opened; `reason` is one of the product's, `words` what the person wrote.
        case opened(person: Int, patient: Int, reason: String, words: String)
        /// The person ended it.
        case ended
        /// Its hour was over.
        case timeIsOver
        /// Somebody else judged it; `finding` is one of the product's.
        case reviewed(by: Int, finding: String, words: String)
        /// Somebody closed the follow-up.
        case followUpClosed(by: Int, finding: String, words: String)
    }

    /// What happens to a draft of rules.
    public enum RuleAct: Hashable, Sendable {
        /// Somebody drafted a rule more, and put it forward.
        case proposed(by: Int, rule: String, note: String)
        /// Somebody else approved it.
        case approved(by: Int)
        /// Somebody else sent it back.
        case sentBack(by: Int, words: String)
        /// Its author took it back.
        case withdrawn(by: Int)
    }

    /// What happens to a program that asks.
    public enum ApplicationAct: Hashable, Sendable {
        /// It may ask from now on.
        case added(by: Int)
        /// It asked once, for so many decisions, of which so many were permitted.
        case asked(decisions: Int, permitted: Int)
        /// It was given a new token.
        case tokenChanged(by: Int)
    }

    /// What happens to backups. Jobs are positions in `BackupStory.jobs`.
    public enum BackupAct: Hashable, Sendable {
        /// The repositories and jobs were set up.
        case setUp(by: Int)
        /// A job ran, or tried to.
        case ran(job: Int, BackupNight)
        /// A job ran, so lately that its snapshot is still there, over the files of so many days.
        case ranLately(job: Int, days: Int, milliseconds: Int)
        /// All snapshots but the newest were deleted on purpose.
        case thinnedOut
        /// A snapshot was restored to see whether it can be.
        case drilled(job: Int, BackupDrill)
        /// Both repositories were checked, with so many errors in the first.
        case checked(errors: Int)
    }

    /// What came of a run.
    public struct BackupNight: Hashable, Sendable {
        /// Nil where it failed.
        public let files: Int?
        /// Bytes of these files.
        public let bytes: Int
        /// Bytes by which the repository grew.
        public let added: Int
        /// Files that could not be read.
        public let unread: Int
        /// How long it took.
        public let milliseconds: Int
        /// Why it failed, for people; nil where it did not.
        public let failure: String?
    }

    /// What came of a drill.
    public struct BackupDrill: Hashable, Sendable {
        /// Files that were restored.
        public let files: Int
        /// Their bytes.
        public let bytes: Int
        /// Files that were compared with what had been recorded.
        public let compared: Int
        /// How many of these were the same.
        public let matching: Int
        /// How long restoring took.
        public let milliseconds: Int
    }
}
