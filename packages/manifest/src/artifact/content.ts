// SPDX-License-Identifier: Apache-2.0
import {
  type Inspection,
  requireDisk,
  requireIso,
  requireKind,
  requireQcow2,
} from '@latticra/disk-image/inspect';
import { requireContent } from '../inspected.js';
import type { VmImageFormat } from './schema.js';

/** What an artifact has to be: an ISO, or the format that its VM image was declared to be. */
export type ImageFormat = 'iso' | VmImageFormat;

const REQUIRE: Readonly<Record<ImageFormat, (inspection: Inspection) => unknown>> = {
  iso: requireIso,
  raw: requireDisk,
  qcow2: requireQcow2,
};

/**
 * Refuses an image that is not what it was declared to be, is not all there, or does not hold by itself all that a guest
 * would see.
 * @param path of the image, for the message
 * @throws ManifestError `format`
 */
export function assertImage(path: string, inspection: Inspection, declared: ImageFormat): void {
  requireContent(path, inspection, REQUIRE[declared]);
}

/** Requires JSON; whether it obeys SPDX is another question. */
export function requireJson(inspection: Inspection): void {
  requireKind(inspection, ['spdx-json', 'json'], 'an SPDX document in JSON');
}
