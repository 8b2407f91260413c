# SPDX-License-Identifier: Apache-2.0
"""Listens to a browser context: what a page complains of, and whom it calls."""

import dataclasses
import urllib.parse

# Runs before every page: a refused script or style is told to the test with the rule that refused it.
REPORT_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', event => {
    window.salusViolation(`${event.effectiveDirective} refused ${event.blockedURI || 'inline'} at ` +
        `${event.sourceFile}:${event.lineNumber}`);
});
"""


@dataclasses.dataclass
class Watch:
    """The complaints of all pages of one test. `allow` names those that the test provokes on purpose."""

    hosts: set = dataclasses.field(default_factory=set)
    complaints: list = dataclasses.field(default_factory=list)
    allowed: list = dataclasses.field(default_factory=list)

    def allow(self, part):
        """Complaints that contain this text do not fail the test, for example "status of 404"."""
        self.allowed.append(part)

    def unexpected(self):
        return [line for line in self.complaints if not any(part in line for part in self.allowed)]

    def follow(self, context):
        """Listens to every page of a context, from its first request on."""
        context.expose_function("salusViolation", lambda what: self.complaints.append(f"policy: {what}"))
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self.said)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("request", self.asked)

    def said(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def asked(self, request):
        address = urllib.parse.urlsplit(request.url)
        if address.netloc not in self.hosts:
            self.complaints.append(f"request: {request.method} {request.url[:200]} leaves the console")
