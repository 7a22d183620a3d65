// SPDX-License-Identifier: Apache-2.0
import { PALETTE } from './palette.js';
import { PARTS } from './parts.js';
import { TEXT } from './text.js';
import { WIDTHS } from './widths.js';

/** The one style of a page. */
export const STYLE = [PALETTE, TEXT, PARTS, WIDTHS].map((part) => part.trim()).join('\n');
