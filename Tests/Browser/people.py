# SPDX-License-Identifier: Apache-2.0
"""The people of a clinic as the tests play them: each has a password, a phone, and a browser of their own."""

import dataclasses
import re
import urllib.parse

from totp import Phone

PASSWORD = "four grey herons stand quietly"


@dataclasses.dataclass
class Person:
    """Somebody who can sign in. `cookies` are those of the browser in which they set up their sign-in."""

    login: str
    phone: Phone
    codes: list
    password: str = PASSWORD
    cookies: list = dataclasses.field(default_factory=list)

    def enter(self, page):
        """Makes the page's browser the one in which this person is signed in already."""
        page.context.add_cookies(self.cookies)
        return page


def cookies_of(page):
    """The cookies of the page's browser. Those with the prefix __Host- may name no domain: the address stands for it."""
    address = urllib.parse.urlsplit(page.url)
    kept = ("name", "value", "httpOnly", "secure", "sameSite")
    return [
        {**{name: cookie[name] for name in kept}, "url": f"{address.scheme}://{address.netloc}"}
        for cookie in page.context.cookies()
    ]


def press(page, name):
    page.get_by_role("button", name=name).click()


def follow(page, name):
    page.get_by_role("link", name=name).first.click()


def set_details(page, login=None, name=None, password=PASSWORD, again=None):
    """The first step behind a welcome link. Only the first administrator chooses name and sign-in name."""
    if name:
        page.get_by_label("Your name").fill(name)
    if login:
        page.get_by_label("Sign-in name").fill(login)
    page.get_by_label("Choose a password").fill(password)
    page.get_by_label("The same password again").fill(password if again is None else again)
    press(page, "Continue to your phone")


def connect_phone(page):
    """The second step: the secret is read as a person reads it whose camera does not work."""
    page.get_by_text("The camera does not work?").click()
    phone = Phone(page.locator("#secret").inner_text())
    page.get_by_label("Code from the app").fill(phone.code())
    press(page, "Confirm the code")
    return phone


def enrol(page, link, login, name=None, look=lambda page, name: None):
    """All three steps behind a welcome link; `look` is called with each page that is seen on the way."""
    page.goto(link)
    look(page, "welcome-1-name-and-password")
    set_details(page, login if name else None, name)
    look(page, "welcome-2-phone")
    phone = connect_phone(page)
    look(page, "welcome-3-recovery-codes")
    codes = page.locator(".recovery-words code").all_inner_texts()
    follow(page, "I have kept them")
    return Person(login, phone, codes, cookies=cookies_of(page))


def sign_in(page, person, code=None, password=None, recovery=None):
    """Fills the sign-in form that is shown, or opens it first."""
    if "/sign-in" not in page.url:
        page.goto("/sign-in")
    page.get_by_label("Sign-in name").fill(person.login)
    page.get_by_label("Password").fill(password or person.password)
    if recovery:
        page.get_by_text("No phone at hand?").click()
        page.get_by_label("Recovery code").fill(recovery)
    else:
        page.get_by_label("Code from your phone").fill(code or person.phone.code())
    press(page, "Sign in")


def is_asked(page):
    """Whether the page asks who sits at the browser."""
    return page.get_by_role("heading", name="Confirm that it is you").count() > 0


def confirm(page, proof=PASSWORD):
    """Proves who sits at the browser, where the page asks for that: the last proof may be too long ago."""
    if is_asked(page):
        page.get_by_label("Your password, or a code from your phone").fill(proof)
        page.locator("main form button").click()


def invite(page, login, name, *roles):
    """As an administrator: makes a welcome link, and reads it from the page."""
    page.goto("/people")
    follow(page, "Invite somebody")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Sign-in name").fill(login)
    for role in roles:
        page.get_by_label(re.compile(f"^{role}")).check()
    press(page, "Make the welcome link")
    confirm(page)
    return page.locator(".code-block code").inner_text()
