// SPDX-License-Identifier: Apache-2.0

/// What a route gives back: a page to be put into the frame, or bytes as they are.
package struct Answer: Sendable {
    /// What the body is.
    package enum Body: Sendable {
        /// A page; the front puts the frame around it.
        case page(PageContent)
        /// Bytes of a media type.
        case bytes([UInt8], mediaType: String)
        /// Nothing, as for a redirect.
        case none
    }

    /// The HTTP status.
    package var status: Int
    /// Header fields beyond those that every answer carries.
    package var headers: [(name: String, value: String)]
    /// The body.
    package var body: Body

    /// An answer.
    package init(status: Int = 200, headers: [(name: String, value: String)] = [], body: Body) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A page with a title and its content.
    package static func page(_ title: String, status: Int = 200, _ content: HTML) -> Answer {
        Answer(status: status, body: .page(PageContent(title: title, content: content)))
    }

    /// A page of someone who has not signed in: no navigation, one column.
    package static func plainPage(
        _ title: String, status: Int = 200, isWide: Bool = false, _ content: HTML
    ) -> Answer {
        let page = PageContent(title: title, content: content, isPlain: true, isWide: isWide)
        return Answer(status: status, body: .page(page))
    }

    /// Plain text in UTF-8.
    package static func text(_ text: String, status: Int = 200) -> Answer {
        Answer(status: status, body: .bytes(Array(text.utf8), mediaType: "text/plain; charset=utf-8"))
    }

    /// "See other" (303): the browser asks for `path` next, with GET.
    package static func seeOther(_ path: String) -> Answer {
        Answer(status: 303, headers: [("location", path)], body: .none)
    }

    /// The same answer with one more header field.
    package func with(_ name: String, _ value: String) -> Answer {
        var copy = self
        copy.headers.append((name, value))
        return copy
    }
}

/// What a practice says on a page; the front adds who is signed in, the navigation and the footer.
package struct PageContent: Sendable {
    /// The title, for the window and the heading of the history.
    package let title: String
    /// What stands in `main`.
    package let content: HTML
    /// Whether it is shown without navigation, in one column.
    package let isPlain: Bool
    /// Whether that column is wide enough for reading rather than for a form.
    package let isWide: Bool

    /// A page.
    package init(title: String, content: HTML, isPlain: Bool = false, isWide: Bool = false) {
        self.title = title
        self.content = content
        self.isPlain = isPlain
        self.isWide = isWide
    }
}
