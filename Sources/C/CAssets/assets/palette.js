// SPDX-License-Identifier: Apache-2.0
// Opens the list of places by Ctrl-K or its button, and shows those that hold all words. Without this script the
// button leads to the page that lists them.

function wordsOf(text) {
    return text.toLocaleLowerCase().split(/\s+/).filter((word) => word !== "");
}

// Places whose name begins with what was typed come first, then those whose name holds it, then the others.
function rank(place, words) {
    if (!words.every((word) => place.text.includes(word))) return 3;
    if (words.length > 0 && place.title.startsWith(words[0])) return 0;
    return words.every((word) => place.title.includes(word)) ? 1 : 2;
}

function start(dialog) {
    const input = dialog.querySelector("input[type=search]");
    const list = dialog.querySelector(".palette-list");
    const status = dialog.querySelector("[role=status]");
    const searches = Array.from(dialog.querySelectorAll("form"));
    const places = Array.from(list.children, (row) => ({
        row,
        title: row.querySelector("strong").textContent.toLocaleLowerCase(),
        text: `${row.textContent} ${row.dataset.words ?? ""}`.toLocaleLowerCase(),
    }));

    function apply() {
        const words = wordsOf(input.value);
        const ranked = places.map((place, order) => ({ place, order, rank: rank(place, words) }));
        ranked.sort((a, b) => a.rank - b.rank || a.order - b.order);
        for (const { place, rank } of ranked) {
            place.row.hidden = rank === 3;
            list.append(place.row);
        }
        const typed = input.value.trim();
        for (const form of searches) {
            form.hidden = typed === "";
            form.querySelector("[data-typed]").value = typed;
            form.querySelector("q").textContent = typed;
        }
        const shown = ranked.filter(({ rank }) => rank < 3).length;
        status.textContent = words.length === 0 ? "" : `${shown} of ${places.length} places`;
    }

    function choices() {
        return Array.from(dialog.querySelectorAll("li:not([hidden]) > a, form:not([hidden]) > button"));
    }

    function move(step) {
        const all = [input, ...choices()];
        const next = all.indexOf(document.activeElement) + step;
        all[Math.min(Math.max(next, 0), all.length - 1)].focus();
    }

    function open() {
        if (dialog.open) return;
        input.value = "";
        apply();
        dialog.showModal();
        input.focus();
    }

    input.addEventListener("input", apply);
    dialog.addEventListener("keydown", (event) => {
        if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
        else if (event.key === "Enter" && event.target === input && !event.isComposing) choices()[0]?.click();
        else return;
        event.preventDefault();
    });
    // A click beside the box, which lies on the dialog itself, closes it.
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    addEventListener("keydown", (event) => {
        if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
        event.preventDefault();
        open();
    });
    document.querySelector(".find-button")?.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        open();
    });
}

const dialog = document.getElementById("palette");
if (dialog) start(dialog);
