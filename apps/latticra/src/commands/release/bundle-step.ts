// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { EvidenceError, MAX_DOCUMENT_BYTES, parseChecksums } from '@latticra/evidence-format';
import { bytesIn, HeldFileError, measureFile, readStableFile, writeFailure } from '@latticra/held-files';
import { fileBelow } from '@latticra/held-files/anchor';
import { stageOperatorBundle, verifyOperatorBundle } from '@latticra/operator-bundle';
import { PLACEHOLDER } from '@latticra/usb-cmd';
import { bundlePage } from '../../steps/bundle-page.js';
import type { Digests } from './decide.js';
import { listFiles } from './files.js';
import { imageDigests } from './images.js';
import { filesBefore } from './manifest-steps.js';
import { RELEASE_FILE, type Release } from './release.js';
import { digestOf } from './state.js';

const CHECKSUMS = 'SHA256SUMS';
const SIGNATURE = 'SHA256SUMS.sig';
const { bundle } = RELEASE_FILE;

/**
 * Stages the operator bundle, each image read once and verified on the way, and verifies every file of it. One that an earlier run
 * left is replaced; what somebody else put into it is not. Returns its folder, as the folder of the release was named.
 */
export async function stageBundle(release: Release, manifest: string): Promise<string> {
  const { run, request, images, taken, kept, recovery } = release;
  const { manifestPath, cwd, env, signal, progress, tell } = release;
  const value = run.at(bundle);
  const vm = images.find(({ role }) => role === 'vm-image');
  const firmware =
    vm === undefined || startsByBios(vm)
      ? ({ kind: 'seabios' } as const)
      : ({ kind: 'uefi', code: 'auto' } as const);
  return run.step({
    id: 'bundle',
    name: 'operator bundle',
    report: `${bundle}/`,
    inputs: {
      ...imageDigests(images),
      ...filesBefore(release),
      ...(await promotionDigests(request)),
      'the runbook': recovery.sha256,
      'how it is staged': digestOf(
        JSON.stringify([run.folder, manifestPath, firmware, request.signKey !== undefined]),
      ),
      Latticra: digestOf(release.tool.version),
    },
    async work() {
      await dropBundle(release);
      await progress.track(
        'copying the images',
        (onBytes) =>
          stageOperatorBundle(
            {
              artifactManifestPath: manifest,
              outputDir: value,
              manifestPath,
              devices: PLACEHOLDER,
              firmware,
              serialLog: 'vm-serial.log',
              bootRecords: request.bootMatrix === undefined ? undefined : run.at(RELEASE_FILE.boots),
              signKey: request.signKey?.path,
              promotionDir: request.promotion?.path,
            },
            {
              ...{ cwd, env, signal, onBytes, tracker: progress, allowOutside: true },
              page: bundlePage,
              taken,
              signing: { env, signal, onStderr: tell },
            },
          ),
        images.reduce((sum, { measurement }) => sum + measurement.size, 0),
      );
      await progress.track(
        'verifying the bundle',
        (onBytes) =>
          verifyOperatorBundle(run.absoluteOf(bundle), { onBytes, env, signal, fromDisk: true, keep: kept }),
        () => bytesIn(run.absoluteOf(bundle)),
      );
      const sums = await readSums(run.absoluteOf(bundle, CHECKSUMS));
      const others = [CHECKSUMS, ...(request.signKey === undefined ? [] : [SIGNATURE])];
      return {
        value,
        result: `${sums.length} files, each verified again`,
        outputs: [
          ...sums.map(({ name, hex }) => ({ name: `${bundle}/${name}`, sha256: hex })),
          ...others.map((name) => `${bundle}/${name}`),
        ],
      };
    },
    async kept() {
      const own = new Set(run.before?.outputs.map(({ name }) => name));
      const added = (await listFiles(run.absoluteOf(bundle))).find((name) => !own.has(`${bundle}/${name}`));
      if (added === undefined) return value;
      throw new HeldFileError('exists', run.at(bundle, added), 'is no file of the bundle');
    },
  });
}

/** Returns the digests of what the release is promoted by; none where nothing of that was named. */
async function promotionDigests({ promotion }: Release['request']): Promise<Digests> {
  if (promotion === undefined) return {};
  const digests: Record<string, string> = {};
  for (const name of await listFiles(promotion.resolved)) {
    digests[`${promotion.path}/${name}`] = (await measureFile(fileBelow(promotion.resolved, name))).sha256;
  }
  return digests;
}

/** Returns whether firmware of the BIOS kind starts the disk of an image. */
function startsByBios({ inspection }: Release['images'][number]): boolean {
  const starts =
    inspection.kind === 'qcow2'
      ? inspection.facts?.disk?.starts
      : inspection.kind === 'disk'
        ? inspection.facts?.starts
        : undefined;
  return starts?.some(({ firmware, medium }) => firmware === 'bios' && medium === 'disk') ?? false;
}

async function readSums(path: string) {
  const { bytes } = await readStableFile(path, { maxBytes: MAX_DOCUMENT_BYTES });
  return parseChecksums(Buffer.from(bytes).toString('utf8'));
}

/**
 * Removes the bundle of an earlier run, all of whose files are known from that run or from its own checksums.
 * @throws HeldFileError `exists` for a file in it that no release put there
 */
async function dropBundle({ run }: Release): Promise<void> {
  const folder = run.absoluteOf(bundle);
  const present = await listFiles(folder);
  const own = new Set([`${bundle}/${CHECKSUMS}`, `${bundle}/${SIGNATURE}`]);
  for (const { step, name } of run.before?.outputs ?? []) if (step === 'bundle') own.add(name);
  try {
    if (present.includes(CHECKSUMS)) {
      for (const { name } of await readSums(run.absoluteOf(bundle, CHECKSUMS))) own.add(`${bundle}/${name}`);
    }
  } catch (error) {
    // Somebody edited the list: then what the state says of the bundle is all that is known of it.
    if (!(error instanceof EvidenceError)) throw error;
  }
  const foreign = present.find((name) => !own.has(`${bundle}/${name}`));
  if (foreign !== undefined) {
    throw new HeldFileError(
      'exists',
      run.at(bundle, foreign),
      'is in the bundle that is to be staged again, and no release put it there',
      {
        fix: 'move it away, and run this again',
      },
    );
  }
  await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
    throw writeFailure(folder, error);
  });
}
