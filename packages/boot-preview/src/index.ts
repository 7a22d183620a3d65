// SPDX-License-Identifier: Apache-2.0
export { BootPreviewError, type BootPreviewErrorCode } from './error.js';
