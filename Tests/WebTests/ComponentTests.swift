// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Web

@Suite("Components")
struct ComponentTests {
    @Test("a chip has an icon and a word", arguments: StatusChip.State.allCases)
    func chips(state: StatusChip.State) {
        let chip = StatusChip(state).html.renderString()
        #expect(chip.contains("<svg class=\"icon\""))
        #expect(chip.contains("<span>\(state.word)</span>"))
    }

    @Test("what is not measured never looks as if it were met, whatever word it carries")
    func unknownIsNotMet() {
        let chip = StatusChip(.unknown, word: "Met").html.renderString()
        let good = StatusChip(.met).html.renderString()
        #expect(!chip.contains("is-met"))
        #expect(chip.contains("is-unknown"))
        #expect(!chip.contains(Icon.met.html.renderString()))
        #expect(good.contains("is-met"))
    }

    @Test("a row without figures says so and carries no bar")
    func rowWithoutFigures() {
        let row = PostureRow(
            number: 2, title: "Training", path: "/training", chip: StatusChip(.unknown), source: "Not built yet")
        let text = row.html.renderString()
        #expect(text.contains("No figures yet"))
        #expect(!text.contains("coverage-bar"))
        #expect(!text.contains("is-met"))
    }

    @Test("table cells carry their column's title, and extra cells are left out")
    func table() {
        let table = DataTable(
            caption: "People", columns: [.init("Name"), .init("Sign-\"ins\"", isNumber: true)],
            rows: [["Ruth", "4", "extra"], ["Ines"]])
        let text = table.html.renderString()
        #expect(text.contains("<th role=\"rowheader\" scope=\"row\" data-label=\"Name\">"))
        #expect(text.contains("<td role=\"cell\" class=\"number\" data-label=\"Sign-&quot;ins&quot;\">"))
        #expect(!text.contains("extra"))
        #expect(text.ranges(of: "<tr role=\"row\">").count == 3)
    }

    @Test("a table without rows shows why")
    func emptyTable() {
        let table = DataTable(
            caption: "Devices", columns: [.init("Name")], rows: [],
            empty: EmptyState("No devices yet", text: "Install the agent."))
        #expect(table.html == EmptyState("No devices yet", text: "Install the agent.").html)
    }

    @Test("hint and error are tied to the field")
    func field() {
        let field = FormField("host", label: "Address", value: "a\"b", hint: "Where", error: "Wrong", isRequired: true)
        let text = field.html.renderString()
        #expect(text.contains("<label for=\"host\">Address</label>"))
        #expect(text.contains("aria-describedby=\"host-hint host-error\""))
        #expect(text.contains("aria-invalid=\"true\" required"))
        #expect(text.contains("value=\"a&quot;b\""))
        #expect(text.contains("id=\"host-error\""))
    }

    @Test("secrets are never sent back", arguments: [FormField.Kind.password, .oneTimeCode])
    func secrets(kind: FormField.Kind) {
        let text = FormField("s", label: "Secret", kind: kind, value: "hunter2").html.renderString()
        #expect(!text.contains("hunter2"))
    }

    @Test("the chosen one is chosen, alone")
    func choices() {
        let choices = [FormField.Choice("a", "A"), .init("b", "B")]
        let radio = FormField("r", label: "R", kind: .radio(choices), value: "b").html.renderString()
        let select = FormField("s", label: "S", kind: .choice(choices), value: "a").html.renderString()
        #expect(radio.contains("value=\"b\" checked"))
        #expect(radio.ranges(of: "checked").count == 1)
        #expect(select.contains("value=\"a\" selected"))
        #expect(select.ranges(of: "selected").count == 1)
    }

    @Test("a form that changes something carries the proof of the session")
    func postForm() {
        let form = PostForm(action: "/x", csrf: CSRFField(name: "t", value: "v"), content: "").html.renderString()
        #expect(form.contains("method=\"post\""))
        #expect(form.contains("<input type=\"hidden\" name=\"t\" value=\"v\">"))
    }

    @Test("an error page says what happened, what to do and the reference")
    func errorNotice() {
        let notice = ErrorNotice(code: 403, whatHappened: "No <access>", nextSteps: ["Ask"], reference: "7KQ2")
        let text = notice.html.renderString()
        #expect(text.contains("Error 403"))
        #expect(text.contains("<h1>No &lt;access&gt;</h1>"))
        #expect(text.contains("<li>Ask</li>"))
        #expect(text.contains("7KQ2"))
    }

    @Test("a QR code has its quiet zone and joins neighbours")
    func qrCode() {
        let modules = [[true, true, false], [false, true, false], [false, false, true]]
        let code = QRImage(modules: modules, label: "Code")
        let text = code.html.renderString()
        #expect(text.contains("viewBox=\"0 0 11 11\""))
        #expect(text.contains("d=\"M4 4h2v1h-2zM5 5h1v1h-1zM6 6h1v1h-1z\""))
        #expect(text.contains("<title>Code</title>"))
    }

    @Test(
        "figures in groups",
        arguments: [
            (0, "0"), (999, "999"), (-1000, "-1\u{202F}000"), (1_234_567, "1\u{202F}234\u{202F}567"),
        ])
    func grouping(number: Int, expected: String) {
        #expect(grouped(number) == expected)
    }

    @Test("a hash that is cut keeps the whole value for copying")
    func hash() {
        let text = HashText("0123456789abcdef", length: 4).html.renderString()
        #expect(text.contains(">0123…</code>"))
        #expect(text.contains("data-copy=\"0123456789abcdef\""))
    }
}
