// SPDX-License-Identifier: Apache-2.0
// Shows the copy buttons and lets them work. Without this script the text can still be selected.

async function copy(button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("is-copied");
    setTimeout(() => button.classList.remove("is-copied"), 1500);
}

if (navigator.clipboard) {
    for (const button of document.querySelectorAll("button[data-copy]")) {
        button.hidden = false;
        button.addEventListener("click", () => copy(button).catch(() => {}));
    }
}
