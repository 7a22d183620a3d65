// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import { type ImageForm, nameOf, requireImage } from '@latticra/disk-image/inspect';
import { type Beside, pathOf, twoAtOnce } from '@latticra/held-files';
import { type InspectedFile, type InspectInput, inspectFile, requireContent } from '@latticra/manifest';
import type { MeasuredArtifact } from '@latticra/sbom/root';
import type { Digests } from './decide.js';
import type { NamedFile, ReleaseRequest } from './request.js';

/** An image of a release: what it measures and what it is, both of one pass through one descriptor. */
export interface ReleaseImage extends InspectedFile {
  readonly role: 'iso' | 'vm-image';
  readonly named: NamedFile;
  readonly form: ImageForm;
}

/**
 * Reads each image whole, once and both at once, and looks into it. It is done in every run: whether an image changed is told by its digest alone.
 * @throws ManifestError `format` for an image that is something else; HeldFileError
 */
export async function measureImages(
  { iso, vmImage, flags }: ReleaseRequest,
  inspect: InspectInput = inspectFile,
  signal?: AbortSignal,
): Promise<ReleaseImage[]> {
  const measure = async (
    { role, named }: Pick<ReleaseImage, 'role' | 'named'>,
    beside: Beside,
  ): Promise<ReleaseImage> => {
    const found = await inspect(named.resolved, beside);
    const form = role === 'iso' ? 'iso' : (flags['vm-format'] ?? formOf(found));
    requireContent(named.path, found.inspection, (inspection) => requireImage(inspection, form));
    return { ...found, role, named, form };
  };
  const images = [
    ...(iso === undefined ? [] : [{ role: 'iso' as const, named: iso }]),
    ...(vmImage === undefined ? [] : [{ role: 'vm-image' as const, named: vmImage }]),
  ];
  return twoAtOnce(images, measure, signal);
}

const formOf = ({ inspection }: InspectedFile): ImageForm => (inspection.kind === 'qcow2' ? 'qcow2' : 'raw');

/** Returns a way to measure files that answers for the images of a release by what was measured in this run. */
export function measuredAlready(images: readonly ReleaseImage[]): InspectInput {
  const known = new Map(images.map((image) => [image.named.resolved, image]));
  return async (file, options) => known.get(pathOf(file)) ?? inspectFile(file, options);
}

/** Returns the digests of images, for a step that follows from them. */
export function imageDigests(images: readonly ReleaseImage[]): Digests {
  return Object.fromEntries(images.map(({ role, measurement }) => [role, measurement.sha256]));
}

/** Returns images as an SBOM lists them. */
export function asArtifacts(images: readonly ReleaseImage[]): MeasuredArtifact[] {
  return images.map(({ role, named, form, measurement: { size, sha256 } }) => ({
    artifact: role,
    name: basename(named.path),
    size,
    sha256,
    ...(role === 'vm-image' && { comment: form }),
  }));
}

/** Says in a few words what images are. */
export const describeImages = (images: readonly ReleaseImage[]): string =>
  images.map(({ inspection }) => nameOf(inspection)).join(', and ');
