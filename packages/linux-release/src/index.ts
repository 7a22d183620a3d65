// SPDX-License-Identifier: Apache-2.0
export { buildRelease } from './build/build.js';
export type { BuildInput, BuildOptions } from './build/options.js';
export type { BuildRequest, RequestedInput } from './build/request.js';
export { LinuxReleaseError, type LinuxReleaseErrorCode } from './error.js';
export { IMAGE_FORMATS, type ImageFormat } from './record/formats.js';
export { RELEASE_FILE } from './record/names.js';
export { BUILD_TYPE, recordedBuild } from './record/recorded-build.js';
export { type BuildRecord, buildRecord } from './record/schema.js';
export { releaseValidationDocument } from './validate/document.js';
export { type ReleaseValidation, type ValidateOptions, validateRelease } from './validate/validate.js';
