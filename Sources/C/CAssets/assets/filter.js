// SPDX-License-Identifier: Apache-2.0
// Shows the search field above a table and hides the rows that do not hold all of its words.

function wordsOf(text) {
    return text.toLocaleLowerCase().split(/\s+/).filter((word) => word !== "");
}

function apply(input, rows, status) {
    const words = wordsOf(input.value);
    let shown = 0;
    for (const { row, text } of rows) {
        const fits = words.every((word) => text.includes(word));
        row.hidden = !fits;
        if (fits) shown += 1;
    }
    status.textContent = words.length === 0 ? "" : `${shown} of ${rows.length}`;
}

for (const field of document.querySelectorAll("[data-filter]")) {
    const table = document.getElementById(field.dataset.filter);
    const input = field.querySelector("input");
    const status = field.querySelector("[role=status]");
    if (!table || !input || !status) continue;
    const rows = Array.from(table.tBodies[0].rows, (row) => ({ row, text: row.textContent.toLocaleLowerCase() }));
    field.hidden = false;
    input.addEventListener("input", () => apply(input, rows, status));
}
