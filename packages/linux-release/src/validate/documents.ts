// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { bytesSource } from '@latticra/disk-image';
import { inspect, requireText } from '@latticra/disk-image/inspect';
import { MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { checkSbom, MAX_SBOM_BYTES, sbomLists } from '@latticra/sbom/check';
import type { OperatingSystem } from '@latticra/sbom/root';
import {
  isRunbook,
  listArtifacts,
  releaseManifest,
  releaseSbom,
  type WrittenImages,
} from '../build/documents.js';
import { MAX_RUNBOOK_BYTES } from '../build/runbook.js';
import { RELEASE_FILE } from '../record/names.js';
import type { HeldRelease } from './hold.js';
import { assertRecorded, refused } from './refuse.js';
import type { FoundSystem } from './system.js';
import type { FoundUki } from './uki.js';

/** Refuses a manifest that is not, byte for byte, what follows from the record and the images. */
export function checkManifest(release: HeldRelease, images: WrittenImages): void {
  const { record, bytes } = release;
  const found = bytes(RELEASE_FILE.manifest, MAX_DOCUMENT_BYTES);
  assertDerived(RELEASE_FILE.manifest, found, releaseManifest(record, images, record.recoveryPath));
  assertRecorded(RELEASE_FILE.manifest, 'its digest', sum(found), record.manifest.sha256);
}

/** Refuses a runbook that is another than the recorded one, or no text. */
export function checkRunbook({ record, bytes }: HeldRelease): void {
  if (!isRunbook(record.recoveryPath)) return;
  const found = bytes(RELEASE_FILE.recovery, MAX_RUNBOOK_BYTES);
  requireText(inspect(bytesSource(found)));
  assertRecorded(RELEASE_FILE.recovery, 'its digest', sum(found), record.recoverySha256);
}

/** What an SBOM is derived from. */
export interface SbomGround {
  readonly images: WrittenImages;
  readonly uki: FoundUki;
  readonly found: FoundSystem | undefined;
}

/**
 * Refuses an SBOM that does not obey SPDX 2.3, does not list what it has to, or is not what follows from the root in the images.
 * @returns whether it could be derived: not from a root that says more than its archive did
 */
export function checkReleaseSbom(
  { record, bytes }: HeldRelease,
  { images, uki, found }: SbomGround,
): boolean {
  const name = RELEASE_FILE.sbom;
  const text = bytes(name, MAX_SBOM_BYTES);
  const { document, findings } = checkSbom(text);
  if (document === undefined) {
    const [first] = findings.filter(({ level }) => level === 'error');
    throw refused(name, `does not obey SPDX 2.3: ${first?.message}`);
  }
  const artifacts = listArtifacts({
    images,
    uki: record.uki,
    kernel: { ...record.kernel, size: uki.kernel.size, release: uki.kernelFile.release },
    initramfs: record.initramfs,
    rootfs: record.rootfs,
  });
  for (const { name: listed, sha256 } of artifacts) {
    if (!sbomLists(document, sha256))
      throw refused(name, `does not list ${listed} with the digest ${sha256}`);
  }
  const system: OperatingSystem | undefined = found?.system;
  const derived = releaseSbom(record, { system, artifacts });
  const isSame = Buffer.compare(text, Buffer.from(derived)) === 0;
  if (!isSame && found?.isCertain !== false) assertDerived(name, text, derived);
  assertRecorded(name, 'its digest', sum(text), record.sbom.sha256);
  return isSame;
}

const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Refuses a text that is another than the one that follows from everything else, naming its first line that differs. */
function assertDerived(name: string, found: Uint8Array, derived: string): void {
  const text = Buffer.from(found).toString('utf8');
  if (text === derived && Buffer.compare(found, Buffer.from(derived)) === 0) return;
  const [lines, expected] = [text.split('\n'), derived.split('\n')];
  const at = lines.findIndex((line, index) => line !== expected[index]);
  throw refused(name, `line ${(at < 0 ? lines.length : at) + 1} is not what follows from the release`);
}
