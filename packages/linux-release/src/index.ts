// SPDX-License-Identifier: Apache-2.0
export { buildRelease } from './build/build.js';
export { RELEASE_FILE } from './build/names.js';
export { type BuildInput, type BuildOptions, IMAGE_FORMATS, type ImageFormat } from './build/options.js';
export { LinuxReleaseError, type LinuxReleaseErrorCode } from './error.js';
export { type BuildRecord, buildRecord } from './record/schema.js';
