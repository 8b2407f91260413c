// SPDX-License-Identifier: Apache-2.0
// Shows the search field above a table, hides the rows that do not hold all of its words, and sorts by a column when its
// title is pressed. Both stand in the address, so that a list can be kept, sent and found again as it was.

const collator = new Intl.Collator("en", { numeric: true });

function wordsOf(text) {
    return text.toLocaleLowerCase().split(/\s+/).filter((word) => word !== "");
}

function remember(name, value) {
    const address = new URL(location.href);
    if (value === "") address.searchParams.delete(name);
    else address.searchParams.set(name, value);
    history.replaceState(history.state, "", address);
}

// A moment sorts by its own time, a number as a number, everything else as text.
function keyOf(cell) {
    const time = cell.querySelector("time[datetime]");
    return time ? time.dateTime : cell.textContent.trim().replace(/[\u00a0\u202f\u2009]/g, "");
}

function find(field, rows, name) {
    const input = field.querySelector("input");
    const status = field.querySelector("[role=status]");
    function apply() {
        const words = wordsOf(input.value);
        let shown = 0;
        for (const { row, text } of rows) {
            row.hidden = !words.every((word) => text.includes(word));
            if (!row.hidden) shown += 1;
        }
        status.textContent = words.length === 0 ? "" : `${shown} of ${rows.length}`;
    }
    input.value = new URLSearchParams(location.search).get(`${name}-find`) ?? "";
    input.addEventListener("input", () => {
        remember(`${name}-find`, input.value.trim());
        apply();
    });
    field.hidden = false;
    apply();
}

function sort(table, rows, name) {
    const heads = Array.from(table.tHead.rows[0].cells);
    function apply(column, isDown) {
        const sorted = rows.map(({ row }, order) => ({ row, order, key: keyOf(row.cells[column]) }));
        const sign = isDown ? -1 : 1;
        // What has no value stands at the end, whichever way the rest goes.
        sorted.sort((a, b) => (a.key === "") - (b.key === "") || sign * collator.compare(a.key, b.key) || a.order - b.order);
        table.tBodies[0].append(...sorted.map(({ row }) => row));
        for (const [place, head] of heads.entries()) {
            if (place === column) head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
            else head.removeAttribute("aria-sort");
        }
    }
    for (const [column, head] of heads.entries()) {
        const title = head.textContent;
        // A column of buttons, or of nothing, has no order.
        if (title.trim() === "" || rows.some(({ row }) => row.cells[column]?.querySelector("button, form"))) continue;
        const button = document.createElement("button");
        button.type = "button";
        button.append(title);
        button.addEventListener("click", () => {
            const isDown = head.getAttribute("aria-sort") === "ascending";
            remember(`${name}-sort`, `${isDown ? "-" : ""}${column + 1}`);
            apply(column, isDown);
        });
        head.replaceChildren(button);
    }
    const asked = Number.parseInt(new URLSearchParams(location.search).get(`${name}-sort`) ?? "", 10);
    if (heads[Math.abs(asked) - 1]?.querySelector("button")) apply(Math.abs(asked) - 1, asked < 0);
}

for (const field of document.querySelectorAll("[data-filter]")) {
    const name = field.dataset.filter;
    const table = document.getElementById(name);
    if (!table?.tHead || !table.tBodies[0]) continue;
    const rows = Array.from(table.tBodies[0].rows, (row) => ({ row, text: row.textContent.toLocaleLowerCase() }));
    find(field, rows, name);
    sort(table, rows, name);
}
