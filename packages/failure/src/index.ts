// SPDX-License-Identifier: Apache-2.0
export { errnoOf } from './errno.js';
export { type Exhaustion, exhaustionOf } from './exhaustion.js';
export { Failure, type FailureDetails, type FailureKind } from './failure.js';
