// SPDX-License-Identifier: Apache-2.0

import Web

extension StaffDesk.Change {
    /// What is about to happen, for somebody who is asked whether it is they.
    ///
    /// - Parameter name: about whom.
    func words(about name: String, _ time: LocalTime) -> String {
        switch self {
        case .department(nil): "\(name) leaves the department."
        case .department(let department?): "\(name) works in the department \(department)."
        case .addNumber(let number): "\(name) is given \(number.title)."
        case .removeNumber(let number): "\(number.title) is taken from \(name)."
        case .addShift(let shift): "\(name) works from \(time.text(shift.from)) until \(time.text(shift.until))."
        case .removeShift(let from): "\(name) does not work the shift from \(time.text(from))."
        }
    }

    /// What is said when the act of this name is done; nil for any other name.
    static func saved(_ act: String) -> String? {
        switch act {
        case "department": "The department is saved."
        case "add-number": "The number is added."
        case "remove-number": "The number is removed."
        case "add-shift": "The shift is added."
        case "remove-shift": "The shift is removed."
        default: nil
        }
    }
}
