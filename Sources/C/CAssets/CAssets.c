// SPDX-License-Identifier: Apache-2.0
#include "CAssets.h"

// #embed is C23; clang accepts it in any mode.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char salus_app_css[] = {
#embed "assets/app.css"
};
static const unsigned char salus_favicon_svg[] = {
#embed "assets/favicon.svg"
};
static const unsigned char salus_copy_js[] = {
#embed "assets/copy.js"
};
static const unsigned char salus_table_js[] = {
#embed "assets/table.js"
};
static const unsigned char salus_palette_js[] = {
#embed "assets/palette.js"
};

static const struct {
    const unsigned char *bytes;
    size_t size;
} salus_assets[] = {
    {salus_app_css, sizeof salus_app_css},
    {salus_favicon_svg, sizeof salus_favicon_svg},
    {salus_copy_js, sizeof salus_copy_js},
    {salus_table_js, sizeof salus_table_js},
    {salus_palette_js, sizeof salus_palette_js},
};

int salus_asset_count(void) {
    return (int)(sizeof salus_assets / sizeof salus_assets[0]);
}

const unsigned char *salus_asset_bytes(int number) {
    if (number < 0 || number >= salus_asset_count()) return NULL;
    return salus_assets[number].bytes;
}

size_t salus_asset_size(int number) {
    if (number < 0 || number >= salus_asset_count()) return 0;
    return salus_assets[number].size;
}
