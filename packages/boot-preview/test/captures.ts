// SPDX-License-Identifier: Apache-2.0
/** Real records of real boots, for tests of what reads them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDocument } from '@latticra/evidence-format';
import { bootPreviewFixture } from '@latticra/manifest';
import type { SystemExpectation } from '@latticra/vm-run';
import {
  buildProfileImage,
  type CapturedEvidence,
  type CaptureHost,
  type CapturePlan,
  captureEvidence,
  operatorConsent,
  type ProfileName,
  planCapture,
  preflightDocument,
} from '../src/index.js';

/** Everything that the images and boots of all three profiles take. */
export const CAPTURE_TOOLS = [
  'qemu-system-x86_64',
  'grub-mkrescue',
  'grub-mkstandalone',
  'grub-mkimage',
  'xorriso',
  'mformat',
  '/usr/lib/grub/i386-pc/boot.img',
  '/usr/lib/grub/x86_64-efi/kernel.img',
  '/usr/share/seabios/bios-256k.bin',
  '/usr/share/OVMF/OVMF_CODE_4M.fd',
];

export const REVIEW_ID = 'review-7';

/** An image, and an operator's consent to boot it. */
export interface ConsentedImage {
  readonly profile: ProfileName;
  /** As {@link captureImage} finds them from its folder on. */
  readonly manifest: string;
  readonly consent: string;
  readonly imageSha256: string;
  readonly buildId: string;
}

/** Builds the image of a profile below `cwd` and consents to it. */
export async function consentedImage(
  cwd: string,
  profile: ProfileName,
  buildId?: string,
): Promise<ConsentedImage> {
  const build = await buildProfileImage(
    {
      profile,
      outputDir: `images/${profile}${buildId ?? ''}`,
      epoch: 0,
      toolVersion: '0',
      ...(buildId !== undefined && { buildId }),
    },
    { cwd },
  );
  const consent = join(build.outputDir, 'operator-consent.txt');
  const document = operatorConsent.document({
    operatorReviewId: REVIEW_ID,
    profile,
    diskImageSha256: build.image.sha256,
  });
  await writeFile(join(cwd, consent), formatDocument(document));
  return {
    profile,
    manifest: join(build.outputDir, build.manifest.path),
    consent,
    imageSha256: build.image.sha256,
    buildId: build.buildId,
  };
}

/** What a test may want otherwise in a capture. */
export interface CaptureOptions extends Pick<CaptureHost, 'roots'> {
  /** `evidence` unless given. */
  readonly outputDir?: string;
  readonly timeoutMs?: number;
  /** What a Linux has to show. */
  readonly expected?: SystemExpectation;
}

/** Plans a capture of that image. */
export function planImage(
  cwd: string,
  image: ConsentedImage,
  { outputDir = 'evidence', timeoutMs = 120_000, expected, ...outside }: CaptureOptions = {},
): Promise<CapturePlan> {
  return planCapture(
    {
      profile: image.profile,
      bootArtifactManifest: image.manifest,
      operatorReviewId: REVIEW_ID,
      operatorConsent: image.consent,
      outputDir,
      timeoutMs,
      ...(expected && { expected }),
    },
    { cwd, ...outside },
  );
}

/** Boots that image and records it. */
export async function captureImage(
  cwd: string,
  image: ConsentedImage,
  options?: CaptureOptions,
): Promise<CapturedEvidence> {
  const plan = await planImage(cwd, image, options);
  const { bytes, path, fixture } = await bootPreviewFixture.load(undefined, cwd);
  const preflight = preflightDocument(
    { manifestPath: path, fixture },
    { isAvailable: () => true, ovmfDetected: true },
  );
  return captureEvidence(plan, { fixture: bytes, preflight });
}
