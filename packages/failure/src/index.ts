// SPDX-License-Identifier: Apache-2.0
export { Failure, type FailureDetails, type FailureKind } from './failure.js';
