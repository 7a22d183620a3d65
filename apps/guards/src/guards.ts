// SPDX-License-Identifier: Apache-2.0
export { GUARDS } from './all.js';
export { GuardFailure } from './error.js';
export type { Guard } from './guard.js';
export { holdGuard } from './hold.js';
