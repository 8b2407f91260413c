// SPDX-License-Identifier: Apache-2.0

/// The mark of Salus: a shield with the rod of health, drawn in the text's colour. The same geometry is
/// `assets/favicon.svg`.
package struct BrandMark: Component {
    /// The mark of Salus.
    package init() {}

    /// The drawing; it is decoration, the name beside it is the text.
    package var html: HTML {
        """
        <svg class="brand-mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">\
        <path class="brand-shield" d="M16 1.5 28 5.5v10c0 7-4.6 12-12 15-7.4-3-12-8-12-15v-10z"/>\
        <g class="brand-rod" fill="none" stroke-width="1.8" stroke-linecap="round"><path d="M16 6v20.5"/>\
        <path d="M10.2 9.6C13.5 7.4 21.8 8.4 21.8 12.2c0 3.6-10.6 2.6-10.6 6.2 0 3.2 8.4 2.3 8.4 5"/></g>\
        <circle class="brand-knob" cx="16" cy="6" r="1.7"/></svg>
        """
    }
}
