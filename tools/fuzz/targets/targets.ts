// SPDX-License-Identifier: Apache-2.0
import type { FuzzTarget } from '../engine/target.js';
import { archiveTargets } from './archives.js';
import { attestationTargets } from './attestations.js';
import { commandTargets } from './commands.js';
import { deviceTargets } from './devices.js';
import { documentTargets } from './documents.js';
import { evidenceTargets } from './evidence.js';
import { fileTargets } from './files.js';
import { imageTargets } from './images.js';
import { kernelTargets } from './kernels.js';
import { linuxImageTargets } from './linux-images.js';
import { machineTargets } from './machines.js';
import { manifestTargets } from './manifests.js';
import { reportTargets } from './report.js';
import { signatureTargets } from './signatures.js';
import { systemTargets } from './systems.js';
import { volumeTargets } from './volumes.js';

/** Every reader of what comes from outside. A test finds one that is left out. */
export const TARGETS: readonly FuzzTarget[] = [
  ...documentTargets,
  ...manifestTargets,
  ...imageTargets,
  ...kernelTargets,
  ...volumeTargets,
  ...linuxImageTargets,
  ...archiveTargets,
  ...deviceTargets,
  ...machineTargets,
  ...commandTargets,
  ...systemTargets,
  ...signatureTargets,
  ...evidenceTargets,
  ...attestationTargets,
  ...fileTargets,
  ...reportTargets,
];
