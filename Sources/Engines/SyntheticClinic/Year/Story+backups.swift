// SPDX-License-Identifier: Apache-2.0

/// What the clinic backs up, and where to.
public enum BackupStory {
    /// The names of the jobs.
    public static let jobs = ["Practice files", "Letters"]
    /// The repositories, with the sites at which they stand. The first job goes to both, the second to the first.
    public static let repositories = [
        (name: "Basement", site: "Basement"), (name: "Annex", site: "Annex across the road"),
    ]
    /// How many of the last nights' snapshots are still there.
    public static let lately = 7

    /// The files that come to a job's folder on each day, numbered from 0: invented lists and letters.
    public static func files(ofJob job: Int, day: Int) -> [(name: String, text: String)] {
        let number = String(String(10_000 + day).dropFirst())
        if job == 0 {
            let rooms = (0..<12).map { "\(8 + $0 / 2):\($0 % 2 == 0 ? "00" : "30"),room \($0 % 4 + 1)\n" }
            return [("appointments-\(number).csv", "time,room\n" + rooms.joined())]
        }
        let text = "Salus Demo Clinic\n\nDear colleague,\n\nthis letter is invented, and so is whoever it is about.\n"
        return (1...3).map { ("letter-\(number)-\($0).txt", text) }
    }

    /// How many files there are after so many days, and their bytes: each day brings as much as the one before.
    static func content(ofJob job: Int, days: Int) -> (files: Int, bytes: Int) {
        let one = files(ofJob: job, day: 0)
        return (one.count * days, one.reduce(0) { $0 + $1.text.utf8.count } * days)
    }

    /// The nights on which the disk in the cellar was full.
    static let fullDisk = 67...73
    /// Nights that failed by themselves.
    static let failures = [198: "The disk in the cellar was not mounted.", 31: "The machine was restarted meanwhile."]
}

extension Story {
    /// Nightly runs for a year, weekly checks, monthly drills.
    mutating func tellBackups() {
        let start = workingDay(359)
        tell(.backup(.setUp(by: Self.administrator)), start, 980)
        for day in stride(from: start - 1, through: 1, by: -1) where !Self.outage(clinic).contains(day) {
            tellNight(day, since: start)
            let weekday = (clinic.today.dayNumber - day + 3) % 7
            if weekday == 6 { tell(.backup(.checked(errors: (60...66).contains(day) ? 3 : 0)), day, 330) }
            if weekday == 6 || day == 1 { tell(.backup(.thinnedOut), day, 345) }
        }
        tellDrills(since: start)
    }

    private mutating func tellNight(_ day: Int, since start: Int) {
        var random = self.random(.backups, day)
        for job in BackupStory.jobs.indices {
            // What was missed while the machine was off is made up for when it starts.
            let isLate = day == Self.outage(clinic).lowerBound - 1
            let minute = (isLate ? 400 : 150) + job * 20
            if day <= BackupStory.lately {
                tell(
                    .backup(.ranLately(job: job, days: start - day, milliseconds: 1_900 + random.draw(0...800))), day,
                    minute)
            } else {
                tell(.backup(.ran(job: job, night(job, day, start - day, &random))), day, minute)
            }
        }
    }

    /// What there is grows by a little each day; what is added each night is that, packed, and the folder's new list.
    private func night(
        _ job: Int, _ day: Int, _ days: Int, _ random: inout SplitMix64
    ) -> YearEvent.BackupNight {
        let (files, bytes) = BackupStory.content(ofJob: job, days: days)
        let unread = files > 150 && random.chance(20) ? 1 : 0
        let failure =
            BackupStory.fullDisk.contains(day)
            ? "There is no room left in the repository." : BackupStory.failures[day]
        return YearEvent.BackupNight(
            files: failure == nil ? files : nil, bytes: bytes, added: 1_400 + files * 9 + random.draw(0...400),
            unread: unread, milliseconds: 1_300 + files + random.draw(0...500), failure: failure)
    }

    /// On the first Tuesday of a month or so. The one after the full disk found files missing, and was repeated.
    private mutating func tellDrills(since start: Int) {
        for month in 0..<12 {
            var random = self.random(.drills, month)
            let day = workingDay(start - 12 - month * 30)
            guard day > BackupStory.lately else { continue }
            for job in BackupStory.jobs.indices {
                let isBad = job == 0 && (37...66).contains(day)
                tell(.backup(.drilled(job: job, drill(job, start - day, isBad, &random))), day, 610 + job * 30)
                guard isBad else { continue }
                let again = workingDay(day - 2)
                tell(.backup(.drilled(job: job, drill(job, start - again, false, &random))), again, 620)
            }
        }
    }

    /// Restoring became quicker when the clinic bought a faster disk in summer.
    private func drill(
        _ job: Int, _ days: Int, _ isBad: Bool, _ random: inout SplitMix64
    ) -> YearEvent.BackupDrill {
        let (files, bytes) = BackupStory.content(ofJob: job, days: days)
        let compared = min(files, 500)
        let milliseconds = (days < 210 ? 3_900 : 2_100) + files * (days < 210 ? 9 : 4)
        return YearEvent.BackupDrill(
            files: files, bytes: bytes, compared: compared, matching: compared - (isBad ? 3 : 0),
            milliseconds: milliseconds + random.draw(0...600))
    }
}
