// SPDX-License-Identifier: Apache-2.0

/**
 * The colours of a page: each with its value by day and by night. Texts have a contrast of 6 and more on paper, shade and blush, frames and
 * bars of 3 and more.
 */
const COLOURS: Readonly<Record<string, readonly [string, string]>> = {
  paper: ['#ffffff', '#15181c'],
  shade: ['#f3f5f7', '#1e2329'],
  text: ['#191d22', '#e7eaee'],
  quiet: ['#505963', '#abb4be'],
  rule: ['#d9dde1', '#343b43'],
  frame: ['#78828c', '#808b96'],
  link: ['#0a5299', '#94c1f5'],
  yes: ['#14653a', '#82cea0'],
  no: ['#ab1f19', '#ffa298'],
  wait: ['#754800', '#e8bb6a'],
  blush: ['#fdf0ee', '#2e1c1b'],
  'ph-firmware': ['#858e98', '#8e97a1'],
  'ph-loader': ['#3a4149', '#cbd1d8'],
  'ph-kernel': ['#2c6cb0', '#629edf'],
  'ph-init': ['#2d8175', '#52b0a1'],
};

const values = (of: (pair: readonly [string, string]) => string) =>
  Object.entries(COLOURS)
    .map(([name, pair]) => `--${name}:${of(pair)};`)
    .join('');

/** Colours by scheme; a browser that does not know `light-dark()` has the day's, and so has paper. */
export const PALETTE = `
:root{color-scheme:light dark;${values(([day, night]) => `light-dark(${day},${night})`)}}
@supports not (color:light-dark(#000,#fff)){:root{color-scheme:light;${values(([day]) => day)}}}
`;
