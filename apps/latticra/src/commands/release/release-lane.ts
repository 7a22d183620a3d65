// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { readEpoch } from '@latticra/boot-seed';
import { documentToJson } from '@latticra/evidence-format';
import {
  bytesIn,
  ensureFolder,
  readStableFile,
  withClaim,
  withFolderBeside,
  withKeptMeasurements,
  writeFileAtomic,
} from '@latticra/held-files';
import { defineLane, type LaneContext } from '@latticra/lane';
import { inspectTracked, localBuildEnvironment, recordedSource, releaseFixture } from '@latticra/manifest';
import { type TakenImages, withTakenImages } from '@latticra/operator-bundle';
import { measureRoot } from '@latticra/sbom/root';
import runbook from '../../../../../docs/recovery.md';
import { version } from '../../../package.json';
import { createAccount } from '../../steps/account.js';
import { nameFromHere } from '../../steps/own-folder.js';
import { bootImages } from './boot-steps.js';
import { stageBundle } from './bundle-step.js';
import { commandOf } from './command.js';
import { inspectImages, writeSbom } from './describe-steps.js';
import { RELEASE_FLAGS } from './flags.js';
import { measureImages } from './images.js';
import { leftBehind } from './left-behind.js';
import { validateManifest, writeManifest } from './manifest-steps.js';
import { writePage } from './page-step.js';
import { RELEASE_FILE, type Release } from './release.js';
import { readRequest } from './request.js';
import { ReleaseRun, readState } from './run.js';
import { signImages } from './sign-step.js';
import { type ReleaseState, releaseState } from './state.js';

/** The largest runbook: a person reads it. */
const MAX_RUNBOOK_BYTES = 16 << 20;

export const lane = defineLane({
  bin: 'latticra release',
  version,
  summary: 'take images of your own to a review bundle and a page, and go on where it stopped',
  details: `
Looks into the images, writes their SBOM, signs them or declares them unsigned, records them in an artifact manifest, boots them by
a matrix where one is named, validates all of it, stages the operator bundle, verifies it, and shows everything as one page. Each step
leaves its report as a file in the folder, and the first that does not hold ends it.
Run again it does what is missing, and what follows from something that changed: release.txt has the digest of all that each step
took and left. A step is kept where all of these are the same; it is done again where a file was edited, or where nobody can tell.
Each image is read once in every run, and copied for the bundle in that pass; where an earlier run left a bundle that does not hold any more, it is read once more. The
copy is read once, when it is verified. A boot reads the image by itself. Without --rootfs
the SBOM lists the images alone, and says so. With --promotion-dir the bundle carries the evaluation of the release and what it was derived from. A folder that no release made is never touched.`,
  examples: [
    '--release 12.1 --iso demo.iso --vm-image demo.qcow2',
    '--release 12.1 --iso demo.iso --rootfs rootfs.tar --recovery recovery.md --sign-key release',
    '--release 12.1 --vm-image demo.raw --vm-format raw --boot-matrix boot-matrix.toml --output-dir out',
  ],
  fixture: releaseFixture,
  flags: RELEASE_FLAGS,
  async run(context) {
    const { flags, cwd } = context;
    const request = await readRequest(flags, cwd);
    const absolute = resolve(cwd, request.folder);
    return withClaim(nameFromHere(request.folder, cwd), async () => {
      const before = await readState(absolute);
      const go = (taken: TakenImages | undefined) =>
        withKeptMeasurements((kept) => releaseInto(context, { request, absolute, before, taken, kept }));
      // Where a bundle is there already, most likely nothing is to be copied.
      const isStaged = before?.outputs.some(({ step }) => step === 'bundle') === true;
      const onLeft = (left: string) => context.warn(leftBehind(left));
      return isStaged
        ? withFolderBeside(absolute, () => go(undefined), onLeft)
        : withTakenImages(absolute, go, onLeft);
    });
  },
});

/** What is known of a release before anything of it is read. */
interface Begun extends Pick<Release, 'request' | 'taken' | 'kept'> {
  readonly absolute: string;
  readonly before: ReleaseState | undefined;
}

async function releaseInto(
  {
    flags,
    cwd,
    env,
    signal,
    print,
    progress,
    tell,
    manifestPath,
  }: LaneContext<typeof RELEASE_FLAGS, unknown>,
  { request, absolute, before, taken, kept }: Begun,
) {
  const { folder } = request;
  const source = await recordedSource({ commit: flags['source-commit'], tag: flags['source-tag'] }, cwd, env);
  // What the inputs are is known before anything is written that stays.
  const images = await measureImages(request, inspectTracked(progress, taken?.take), signal);
  const root =
    request.rootfs &&
    (await progress.track(
      `measuring ${request.rootfs.path}`,
      (onBytes) => measureRoot(request.rootfs?.resolved ?? '', onBytes),
      () => bytesIn(request.rootfs?.resolved ?? ''),
    ));
  const given =
    request.recovery && (await readStableFile(request.recovery.resolved, { maxBytes: MAX_RUNBOOK_BYTES }));
  await ensureFolder(absolute);
  const began = before === undefined ? 'Releasing' : 'Going on with';
  print(`${began} ${flags.release} in ${folder}\n`);
  const account = createAccount(print);
  const command = commandOf(flags, folder);
  const run = new ReleaseRun({ named: folder, absolute }, account, before, {
    ...{ version: flags.release, command, kept },
  });
  try {
    await run.save();
    const recovery =
      request.recovery === undefined || given === undefined
        ? await ownRunbook(run)
        : { path: request.recovery.path, sha256: given.sha256 };
    const { bundle, page } = await releaseOf({
      ...{ request, run, images, taken, kept, root, recovery, source },
      ...{ manifestPath, cwd, env, signal, progress, tell },
      buildEnvironment: flags['build-environment'] ?? localBuildEnvironment(),
      epoch: readEpoch(env),
      tool: { name: 'latticra-release', version },
    });
    await run.save({ status: 'done' });
    const counts = run.counts;
    const seconds = account.steps.reduce((sum, step) => sum + step.seconds, 0).toFixed(1);
    print(
      `\n${counted(counts.done)} done, ${counts.kept} kept, in ${seconds} s. Nothing is claimed: a person reviews it.`,
    );
    print(`To hand over  ${bundle}`);
    print(`To look at    ${page}`);
    return { text: '', json: documentToJson(releaseState.document(run.state)) };
  } catch (error) {
    const failure = await run.fail(error);
    print('\nWhat was done is kept. When that is mended, go on with');
    print(`  ${command}`);
    throw failure;
  }
}

/** Takes the steps of a release, each on what those before it left. */
async function releaseOf(release: Release) {
  await inspectImages(release);
  const sbom = await writeSbom(release);
  const signatures = await signImages(release);
  const manifest = await writeManifest(release, sbom, signatures);
  const records = await bootImages(release);
  await validateManifest(release, manifest, records);
  const bundle = await stageBundle(release, manifest);
  return { bundle, page: await writePage(release) };
}

/** Writes the runbook of Latticra into the folder, for a release that names none. */
async function ownRunbook(run: ReleaseRun): Promise<Release['recovery']> {
  const { sha256 } = await writeFileAtomic(run.absoluteOf(RELEASE_FILE.recovery), runbook);
  return { path: run.at(RELEASE_FILE.recovery), sha256 };
}

const counted = (steps: number) => (steps === 1 ? '1 step' : `${steps} steps`);
