// SPDX-License-Identifier: Apache-2.0
export { LinuxImageError, type LinuxImageErrorCode } from './error.js';
export { onlyLine } from './only-line.js';
export { STUB_ERRORS, type StubError } from './stub/errors.js';
export { type PlannedUki, planUki, type UkiOptions } from './uki/plan.js';
export { readUki, type Uki } from './uki/read.js';
export { checkSignedUki, type SignedUki } from './uki/signed.js';
export type { UkiFacts, UkiPart } from './uki/uki.js';
