// SPDX-License-Identifier: Apache-2.0
export { type ProfileBoot, profileArgv, profileMachine } from './argv.js';
export { BootPreviewError, type BootPreviewErrorCode } from './error.js';
export {
  type BootPreviewProfile,
  PROFILE_NAMES,
  PROFILES,
  type ProfileName,
  profileNamed,
} from './profile.js';
