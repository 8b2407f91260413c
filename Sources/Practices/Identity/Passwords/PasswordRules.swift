// SPDX-License-Identifier: Apache-2.0

/// Which passwords are accepted (NIST SP 800-63B-4, section 3.1.1): long enough for use with a second factor, not on
/// a list of common ones, not made of what is known about the person. Any character is welcome; nothing is demanded
/// of the mix, and nothing expires.
struct PasswordRules: Sendable {
    /// The least number of Unicode code points.
    static let leastLength = 8

    /// Words that belong to the place: the product, the institution.
    let placeWords: [String]

    /// The rules of an institution with this name.
    init(institution: String) {
        placeWords = ["salus"] + Self.words(of: institution)
    }

    /// What is wrong with `typed` for the person with this sign-in name and name, and what to do; nil when nothing is.
    func objection(to typed: String, login: String, name: String) -> String? {
        guard let password = PasswordText(typed) else {
            return "This is longer than 256 bytes. Choose a shorter one."
        }
        guard password.length >= Self.leastLength else {
            return "Use at least \(Self.leastLength) characters. A few words in a row are easy to remember."
        }
        let text = password.lowercased
        if CommonPasswords.contains(text) {
            return "This password is on the list that attackers try first. Choose another one."
        }
        if Self.isMonotonous(text) {
            return "This is a simple sequence or repetition. Choose something less regular."
        }
        let known = placeWords + [login.lowercased()] + Self.words(of: login) + Self.words(of: name)
        if known.contains(where: { Self.isMostly(text, $0) }) {
            return "This is little more than your name or the clinic's. Choose something that nobody links to you."
        }
        return nil
    }

    /// The words of at least three letters in `text`, in lower case.
    private static func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init).filter { $0.count >= 3 }
    }

    /// Whether fewer than four characters are left of `text` when every `word` is taken out of it.
    private static func isMostly(_ text: String, _ word: String) -> Bool {
        guard word.utf8.count >= 3 else { return false }
        let (bytes, part) = (Array(text.utf8), Array(word.utf8))
        var (rest, index, found) = (0, 0, false)
        while index < bytes.count {
            if bytes[index...].starts(with: part) {
                index += part.count
                found = true
            } else {
                rest += 1
                index += 1
            }
        }
        return found && rest < 4
    }

    /// Whether `text` counts up or down all the way, or has fewer than four different characters.
    private static func isMonotonous(_ text: String) -> Bool {
        let values = text.unicodeScalars.map { Int64($0.value) }
        guard Set(values).count >= 4 else { return true }
        let steps = Set(zip(values, values.dropFirst()).map { $1 - $0 })
        return steps == [1] || steps == [-1]
    }
}
