// SPDX-License-Identifier: Apache-2.0

extension FormField {
    /// The field; hint and error are tied to it by `aria-describedby`.
    package var html: HTML {
        let style: HTML = error == nil ? "field" : "field has-error"
        switch kind {
        case .checkbox(let isOn):
            return """
                <div class="\(style) field-check"><label class="choice"><input type="checkbox" id="\(name)" \
                name="\(name)" value="\(value.isEmpty ? "on" : value)"\(flag: "checked", isOn)\(attributes)>\
                <span>\(label)</span></label>\(remarks)</div>
                """
        case .radio(let choices):
            return """
                <fieldset class="\(style)"\(attribute: "aria-describedby", describedBy)><legend>\(label)</legend>\
                \(choices.map(radio))\(remarks)</fieldset>
                """
        default:
            return "<div class=\"\(style)\"><label for=\"\(name)\">\(label)</label>\(control)\(remarks)</div>"
        }
    }

    private var control: HTML {
        switch kind {
        case .paragraph(let rows):
            "<textarea id=\"\(name)\" name=\"\(name)\" rows=\"\(rows)\"\(attributes)>\n\(value)</textarea>"
        case .choice(let choices):
            "<select id=\"\(name)\" name=\"\(name)\"\(attributes)>\(choices.map(option))</select>"
        default:
            "<input id=\"\(name)\" name=\"\(name)\" \(typeAttributes)\(valueAttribute)\(attributes)>"
        }
    }

    /// A password never travels back to the browser; a file field cannot hold a value.
    private var valueAttribute: HTML? {
        switch kind {
        case .password, .oneTimeCode, .file: nil
        default: value.isEmpty ? nil : " value=\"\(value)\""
        }
    }

    private var typeAttributes: HTML {
        switch kind {
        case .password: "type=\"password\""
        case .oneTimeCode: "type=\"text\" inputmode=\"numeric\" maxlength=\"9\" class=\"code-input\""
        case .number: "type=\"text\" inputmode=\"numeric\""
        case .date: "type=\"date\""
        case .search: "type=\"search\""
        case .email: "type=\"email\""
        case .file(let accept): "type=\"file\" accept=\"\(accept)\""
        default: "type=\"text\""
        }
    }

    private var attributes: HTML {
        """
        \(attribute: "autocomplete", autocompleteToken)\(attribute: "aria-describedby", describedBy)\
        \(attribute: "aria-invalid", error == nil ? nil : "true")\(flag: "required", isRequired)\
        \(attribute: "maxlength", longest.map { "\($0)" })\(flag: "autofocus", isFocused)
        """
    }

    private var autocompleteToken: String? {
        if let autocomplete { return autocomplete }
        switch kind {
        case .oneTimeCode: return "one-time-code"
        case .password: return "current-password"
        case .search, .text, .paragraph, .number, .date: return "off"
        default: return nil
        }
    }

    private var describedBy: String? {
        var ids: [String] = []
        if hint != nil { ids.append(name + "-hint") }
        if error != nil { ids.append(name + "-error") }
        return ids.isEmpty ? nil : ids.joined(separator: " ")
    }

    private var remarks: HTML {
        let help: HTML? = hint.map { "<p class=\"hint\" id=\"\(name)-hint\">\($0)</p>" }
        let wrong: HTML? = error.map { "<p class=\"field-error\" id=\"\(name)-error\">\(Icon.danger)\($0)</p>" }
        return "\(help)\(wrong)"
    }

    private func option(_ choice: Choice) -> HTML {
        "<option value=\"\(choice.value)\"\(flag: "selected", isChosen(choice))>\(choice.title)</option>"
    }

    private func radio(_ choice: Choice) -> HTML {
        let help: HTML? = choice.hint.map { "<span class=\"hint\">\($0)</span>" }
        return """
            <label class="choice"><input type="radio" name="\(name)" value="\(choice.value)"\
            \(flag: "checked", isChosen(choice))\(flag: "required", isRequired)>\
            <span>\(choice.title)\(help)</span></label>
            """
    }

    private func isChosen(_ choice: Choice) -> Bool { Array(choice.value.utf8) == Array(value.utf8) }
}
