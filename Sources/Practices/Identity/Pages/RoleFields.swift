// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// A box to tick for each role.
struct RoleFields: Component {
    /// The ids of the roles that are ticked.
    let chosen: [String]
    /// What is wrong with the choice.
    let error: String?
    /// The words above the boxes.
    var legend = "Roles"
    /// A line of help below the boxes.
    var hint: HTML?

    var html: HTML {
        let boxes: [HTML] = StaffRole.allCases.map { role in
            let isOn = chosen.contains { $0.utf8.elementsEqual(role.rawValue.utf8) }
            return FormField(
                "role-\(role.rawValue)", label: "\(role.title): \(role.purpose)", kind: .checkbox(isOn: isOn)
            ).html
        }
        let wrong: HTML? = error.map { "<p class=\"field-error\">\(Icon.danger)\($0)</p>" }
        let help: HTML? = hint.map { "<p class=\"hint\" id=\"roles-hint\">\($0)</p>" }
        return """
            <fieldset class="field"\(attribute: "aria-describedby", hint == nil ? nil : "roles-hint")>\
            <legend>\(legend)</legend>\(boxes)\(help)\(wrong)</fieldset>
            """
    }

    /// The ids of the roles that were ticked in a form.
    static func chosen(_ request: PageRequest) -> [String] {
        StaffRole.allCases.map(\.rawValue).filter { request.form["role-\($0)"] != nil }
    }
}
