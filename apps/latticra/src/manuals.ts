// SPDX-License-Identifier: Apache-2.0
/** What the build of the package takes its manual pages from. */
export { allManuals } from './manual/manual.js';
