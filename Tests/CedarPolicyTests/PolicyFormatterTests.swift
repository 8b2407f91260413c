// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

/// Policies in their usual form. What is expected here is what Cedar's own formatter gives.
@Suite struct PolicyFormatterTests {
    private let formatter = PolicyFormatter()

    @Test(arguments: [
        ("permit(principal,action,resource);", "permit (principal, action, resource);\n"),
        ("", "\n"),
        ("// alone", "\n// alone\n"),
        (
            "@a(\"b\")@c permit(principal==A::\"x\",action,resource,)when{true}unless{1+1==007};// end\n// last",
            """
            @a("b")
            @c
            permit (
              principal == A::"x",
              action,
              resource
            )
            when { true }
            unless { 1 + 1 == 7 }; // end
            // last

            """
        ),
        (
            """
            permit(principal is User in ?principal, action in [Action::"read", Action::"write"], resource)
            when { context.a.b.c && resource has owner && resource.owner == principal || context["x y"] like "*" };
            """,
            """
            permit (
              principal is User in ?principal,
              action in [Action::"read", Action::"write"],
              resource
            )
            when
            {
              context.a.b.c &&
              resource has owner &&
              resource.owner == principal ||
              context["x y"] like "*"
            };

            """
        ),
        (
            "permit(principal,action,resource)when{if context.aaaaaaaaaaaaaaaa then [principal,resource].contains"
                + "(context.bbbbbbbbbb) else {a:1,b:{c:\"dddddddddddddddddddddddddddddddddddddddddddddddddddd\"}}.b==1};",
            """
            permit (principal, action, resource)
            when
            {
              if
                context.aaaaaaaaaaaaaaaa
              then
                [principal, resource].contains(context.bbbbbbbbbb)
              else
                {
                  a: 1,
                  b: { c: "dddddddddddddddddddddddddddddddddddddddddddddddddddd" }
                }.b == 1
            };

            """
        ),
    ])
    func layout(text: String, expected: String) throws {
        #expect(try formatter.format(text) == expected)
        #expect(try formatter.format(expected) == expected)
    }

    @Test func commentsStayAtTheirWords() throws {
        let formatted = try formatter.format(
            """
            // one

            // two
            permit ( // three
              principal, action, resource // four
            ) when { // five
              // six
              context.a // seven
              && true };
            """)
        #expect(
            formatted == """
                // one
                // two
                permit
                ( // three
                principal, action, resource // four
                )
                when
                { // five
                  // six
                  context.a // seven
                   &&
                  true
                };

                """)
    }

    @Test func aCommentBehindTheLastCommaStays() throws {
        let formatted = try formatter.format(
            "permit(principal, action in [Action::\"a\", // why\n], resource) when { [1, // one\n] == {a: 2, // two\n} };"
        )
        for comment in ["// why", "// one", "// two"] { #expect(formatted.contains(comment), "\(formatted)") }
    }

    @Test func stringsAreNeverTouched() throws {
        let text = "permit (principal, action, resource)\nwhen { \"a // b\n\n\n  c\" == \"\\\"\" };\n"
        #expect(try formatter.format(text) == text)
    }

    @Test func widthsAreParameters() throws {
        let formatted = try PolicyFormatter(width: 20, indent: 4).format(
            "permit(principal,action,resource)when{[principal].contains(context.owner)};")
        #expect(
            formatted == """
                permit
                (principal, action, resource)
                when
                {
                    [principal].contains
                        (
                            context.owner
                        )
                };

                """)
        #expect(PolicyFormatter(width: 0, indent: -1) == PolicyFormatter(width: 1, indent: 0))
        #expect(PolicyFormatter(width: .max, indent: .max) == PolicyFormatter(width: 1_000, indent: 16))
    }

    @Test func wideLettersTakeTwoColumns() throws {
        let fits = "permit (principal, action, resource)\nwhen { \"\(String(repeating: "薬", count: 34))\" };\n"
        #expect(try formatter.format(fits) == fits)
        let wide = fits.replacing("薬\"", with: "薬薬\"")
        #expect(try formatter.format(wide) == wide.replacing("when { ", with: "when\n{ "))
    }

    @Test func whatIsNoPolicyIsRefusedWithItsPlace() throws {
        let error = try #require(throws: SyntaxError.self) {
            try formatter.format("permit(principal, action, resource)")
        }
        #expect(error.description == "expected `;`, found the end at line 1, column 36")
    }

    @Test func textThatBecomesTooLargeIsRefused() throws {
        let text = "permit(principal, action, resource) when { [\(String(repeating: "1, ", count: 200))] == 1 };"
        let limits = SyntaxLimits(bytes: text.utf8.count)
        #expect(throws: SyntaxError.self) { try PolicyFormatter(indent: 16, limits: limits).format(text) }
    }

    @Test func commentsAtEveryWordSurvive() throws {
        let words = #"""
            @ a ( "b" ) permit ( principal is A :: B in A :: "x" , action in [ Action :: "a" , ] , resource , )
            when { if ! ! ( 1 ) has a . b then ip ( "c" , ) else { d : [ 1 , 2 , ] , } [ "e" ] } ;
            """#.split { " \n".contains($0) }.map(String.init)
        for place in words.indices {
            for comment in [" // behind\n", "\n// above\n", " // behind\n // above\n\n // and more\n"] {
                var text = words
                text.insert(comment, at: place)
                let formatted = try formatter.format(text.joined(separator: " "))
                #expect(formatted.ranges(of: "//").count == comment.ranges(of: "//").count)
            }
        }
    }
}
