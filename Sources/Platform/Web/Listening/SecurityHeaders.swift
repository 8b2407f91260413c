// SPDX-License-Identifier: Apache-2.0

/// The header fields that every answer of the console carries.
package enum SecurityHeaders {
    /// The Content-Security-Policy: everything from here, nothing inline, no strings that become script.
    package static let contentSecurityPolicy = [
        "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'", "connect-src 'self'",
        "font-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
        "require-trusted-types-for 'script'", "trusted-types 'none'",
    ].joined(separator: "; ")

    /// Name and value of each field.
    package static let all: [(name: String, value: String)] = [
        ("content-security-policy", contentSecurityPolicy),
        ("strict-transport-security", "max-age=31536000"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ]
}
