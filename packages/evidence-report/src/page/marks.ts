// SPDX-License-Identifier: Apache-2.0
import { html } from './html.js';

/** The shapes of the states, drawn once: a disc with a tick, an octagon with a cross, a dashed ring, a triangle, a ring with a bar. */
export const MARKS = html`<svg width="0" height="0" class="defs" aria-hidden="true"><defs>
<symbol id="m-good" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9" fill="currentColor"/><path d="M5.6 10.4l3 3 5.8-6.6" fill="none" stroke="var(--paper)" stroke-width="2"/></symbol>
<symbol id="m-bad" viewBox="0 0 20 20"><path d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z" fill="currentColor"/><path d="M6.7 6.7l6.6 6.6m0-6.6l-6.6 6.6" fill="none" stroke="var(--paper)" stroke-width="2"/></symbol>
<symbol id="m-todo" viewBox="0 0 20 20"><circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3.6 2.68"/></symbol>
<symbol id="m-unknown" viewBox="0 0 20 20"><path d="M10 2l8.7 15.5H1.3z" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"/><path d="M10 7.4v5m0 1.4v1.9" stroke="currentColor" stroke-width="1.9"/></symbol>
<symbol id="m-refused" viewBox="0 0 20 20"><circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2"/><path d="M5.5 10h9" stroke="currentColor" stroke-width="2"/></symbol>
</defs></svg>`;
