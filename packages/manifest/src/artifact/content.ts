// SPDX-License-Identifier: Apache-2.0
import { type ImageForm, type Inspection, requireImage, requireKind } from '@latticra/disk-image/inspect';
import { requireContent } from '../inspected.js';

/**
 * Refuses an image that is not what it was declared to be, is not all there, or does not hold by itself all that a guest
 * would see.
 * @param path of the image, for the message
 * @throws ManifestError `format`
 */
export function assertImage(path: string, inspection: Inspection, declared: ImageForm): void {
  requireContent(path, inspection, (found) => requireImage(found, declared));
}

/** Requires JSON; whether it obeys SPDX is another question. */
export function requireJson(inspection: Inspection): void {
  requireKind(inspection, ['spdx-json', 'json'], 'an SPDX document in JSON');
}
