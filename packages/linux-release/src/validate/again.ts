// SPDX-License-Identifier: Apache-2.0
import { compareBytes, layoutSource } from '@latticra/disk-image';
import { type BootUki, checkSignedUki } from '@latticra/linux-image';
import { type BootRoot, planBoot } from '../build/boot.js';
import { osReleaseText } from '../build/os-release.js';
import { RELEASE_FILE } from '../record/names.js';
import type { BuildRecord } from '../record/schema.js';
import type { CheckedMedium, Watch } from './images.js';
import { assertRecorded, refused } from './refuse.js';
import type { FoundSystem } from './system.js';
import type { FoundUki } from './uki.js';

/** What starts a system, made again of its parts. */
export interface MadeAgain {
  readonly inImages: BootUki;
  /** How many signatures it carries in the images. */
  readonly signatures: number;
}

/**
 * Makes the unified kernel image again of the kernel, the initramfs that was given, and the root in an image, and refuses one
 * that is another: helper, modules, configuration and command line all follow from those.
 * @throws LinuxReleaseError `record-differs`
 */
export async function makeUkiAgain(
  record: BuildRecord,
  uki: FoundUki,
  { uki: inImage, erofs }: CheckedMedium,
  found: FoundSystem | undefined,
  { tracker, signal }: Watch,
): Promise<MadeAgain> {
  const name = RELEASE_FILE.uki;
  const input = (path: string) => ({ path, resolvedPath: path, expectedSha256: undefined });
  const signed = record.signedUki.path;
  const isCertain = found?.isCertain !== false;
  const { planned, inImages } = planBoot(
    {
      kernel: { input: input(record.kernel.path), source: uki.kernel },
      initramfs: { input: input(record.initramfs.path), source: uki.initramfs },
      root: erofs && found && bootRoot(record, erofs.blocks, uki, found),
      osRelease: isCertain ? osReleaseText(found?.system, uki.kernelFile.release) : uki.facts.osRelease,
      signedUki: signed === undefined ? undefined : { input: input(signed), source: inImage },
    },
    { epoch: record.epoch, commandLine: record.givenCommandLine ?? '', buildId: record.buildId },
  );
  const { sha256, differsAt } = await tracker.track(
    `measuring ${name}`,
    (onBytes) => compareBytes(uki.source, layoutSource(planned.layout), { onBytes, signal }),
    uki.source.size,
  );
  if (differsAt !== undefined) {
    throw refused(
      name,
      `byte ${differsAt} is not what a build makes of its kernel, its initramfs and the root`,
    );
  }
  assertRecorded(name, 'its digest', sha256, record.uki.sha256);
  assertRecorded(name, 'its size', uki.source.size, record.uki.size);
  const signatures = signed === undefined ? 0 : checkSignedUki(uki.source, inImage).signatures;
  return { inImages, signatures };
}

/** Says of a root in an image what a build says of the one that it wrote. */
function bootRoot(
  { rootfs }: BuildRecord,
  blocks: number,
  { joined }: FoundUki,
  found: FoundSystem,
): BootRoot | undefined {
  const config = joined?.config;
  if (rootfs === undefined || config === undefined) return undefined;
  const isVerified = config.root === 'verity';
  return {
    plan: {
      size: rootfs.image.size,
      erofs: { blocks },
      uuid: config.uuid,
      verity: isVerified ? { options: { salt: Buffer.from(config.salt, 'hex') } } : undefined,
    },
    rootHash: isVerified ? config.hash : undefined,
    modules: found.modules,
  };
}
