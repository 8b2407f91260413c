# SPDX-License-Identifier: Apache-2.0
"""Swift source with its comments and string literals blanked, line numbers kept."""

import re

# In order: block comment, line comment, raw and multi-line strings, plain string.
TOKEN = re.compile(
    r'/\*(?:.|\n)*?\*/'
    r'|//[^\n]*'
    r'|(?P<hashes>#+)"""(?:.|\n)*?"""(?P=hashes)'
    r'|(?P<marks>#+)"[^\n]*?"(?P=marks)'
    r'|"""(?:\\.|(?!""").|\n)*?"""'
    r'|"(?:\\.|[^"\\\n])*"'
)


def code_only(text):
    """The text with every comment and string literal replaced by blanks; newlines stay."""
    return TOKEN.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
