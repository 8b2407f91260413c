# SPDX-License-Identifier: Apache-2.0
"""Our Cedar engine against Cedar's own (PyPI cedarpy), on cases that follow from seeds alone."""

import cedar_differential

# Some 20 seconds. A million requests: .build-venv/bin/python Tests/Interop/cedar_differential.py 0 140000
CASES = 4_000


def test_generated_requests_are_answered_as_by_the_rust_engine():
    said = []
    tally = cedar_differential.compare(0, CASES, say=said.append)
    print(tally)
    assert tally.different == 0, f"{tally}\n" + "\n".join(said[:40])
    # Answers of every kind were compared, or the comparison would say little.
    assert 0.4 * CASES < tally.valid < 0.7 * CASES
    assert tally.requests > 7 * CASES and tally.allowed > CASES and tally.failing > CASES / 3 and tally.refused > 0
