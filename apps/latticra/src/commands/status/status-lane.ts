// SPDX-License-Identifier: Apache-2.0
import { dirname, join, resolve } from 'node:path';
import { quoteText } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';
import { HeldFileError } from '@latticra/held-files';
import { defineLane, formatRemains, type Progress } from '@latticra/lane';
import { loadArtifactManifest, surveyArtifacts } from '@latticra/manifest';
import { version } from '../../../package.json';
import { formatColumns } from '../../columns.js';
import { type Change, changesSince } from './changes.js';
import { type Contents, type Item, lookInto } from './contents.js';
import { type ManifestState, nextCommand } from './next.js';
import { nextOfRelease } from './next-of-release.js';
import { type Parts, partsOf } from './parts.js';
import { progressOf, type ReleaseProgress } from './release-progress.js';

/** One row of the answer. */
interface Row {
  readonly part: string;
  /** `unknown` in the place of `missing`, where not everything was looked at. */
  readonly state: 'there' | 'missing' | 'unknown' | 'not right';
  readonly detail: string;
}

export const lane = defineLane({
  bin: 'latticra status',
  version,
  summary: 'say what a folder has of a release, what is missing, and the next command',
  details: `
Looks at every file of the folder by its content, and three folders down, and says which part of a release each is, what is
missing, and the command to type next. Reads a small part of any image: whether it is what the manifest says is what
latticra os-image-artifact-manifest-validate measures, and whether a bundle is whole is what latticra verify does.
Reports of boots are counted and not judged. Of a folder that latticra release made it says how far that came, and the command to
go on with; once it is done, every file that it was made of and that its steps left is read whole and compared with the digest that it
had. Writes nothing.`,
  examples: ['', 'artifacts/os-images/1.0', 'release --json'],
  flags: {
    folder: {
      value: 'path',
      placeholder: 'folder',
      operand: true,
      default: '.',
      help: 'the folder of the release',
    },
  },
  async run({ flags, cwd, progress }) {
    const root = resolve(cwd, flags.folder);
    const contents = await lookInto(root);
    const parts = partsOf(contents);
    const manifest = await stateOf(parts.manifest, root, cwd);
    const release = progressOf(parts.release);
    const changes = await changesOf(release, parts.release, root, cwd, progress);
    const rows = [
      ...rowsOf(contents, parts, manifest, release, changes),
      ...changeRows(changes),
      ...remainsRows(contents),
    ];
    const next =
      nextOfRelease(flags.folder, cwd, contents, parts.release, release, changes.length > 0) ??
      nextCommand(flags.folder, contents, parts, manifest);
    const files = contents.items.map(({ path, is }) => ({ path, is }));
    return {
      text: `${flags.folder}\n\n${formatColumns(rows.map(({ part, state, detail }) => [part, state, detail]))}\nNext: ${next.why}\n  ${next.command}\n`,
      json: `${JSON.stringify({ folder: flags.folder, parts: rows, next, files, omitted: contents.omitted }, null, 2)}\n`,
    };
  },
});

/** The changes that are told one by one. */
const MAX_CHANGES = 20;

/** Measures again what a release that is done consists of; of one that is not, the next run does. */
async function changesOf(
  release: ReleaseProgress | undefined,
  item: Item | undefined,
  root: string,
  cwd: string,
  progress: Progress,
): Promise<readonly Change[]> {
  if (release?.state === undefined || !release.isDone || item === undefined) return [];
  const folder = resolve(root, dirname(item.path));
  return changesSince(release.state, { folder, cwd, command: release.command, progress });
}

const filesChanged = ({ length }: readonly Change[]) =>
  length === 1 ? '1 file changed' : `${length} files changed`;

function changeRows(changes: readonly Change[]): Row[] {
  const rows = changes
    .slice(0, MAX_CHANGES)
    .map(({ path, says }): Row => ({ part: 'changed', state: 'not right', detail: `${path} ${says}` }));
  const rest = changes.length - rows.length;
  return rest === 0 ? rows : [...rows, { part: 'changed', state: 'not right', detail: `and ${rest} more` }];
}

/** Tells what is half-written: what a process that was killed left, and what one is at. */
function remainsRows({ remains }: Contents): Row[] {
  return remains.map((each): Row => {
    const part = 'half-written';
    if (each.isGone) return { part, state: 'not right', detail: formatRemains(each) };
    return { part, state: 'there', detail: `${quoteText(each.path)}: process ${each.process} is at it` };
  });
}

/** Checks all that a manifest names but the images, which would have to be read whole. */
async function stateOf(manifest: Item | undefined, root: string, cwd: string): Promise<ManifestState> {
  if (manifest === undefined) return { state: 'none' };
  try {
    const survey = await surveyArtifacts(await loadArtifactManifest(join(root, manifest.path), cwd));
    const missing = survey.missingForReview;
    return missing.length === 0 ? { state: 'complete' } : { state: 'incomplete', missing };
  } catch (error) {
    // What the manifest says is wrong; a file that cannot be read says nothing of it.
    const isMissing = error instanceof HeldFileError && error.code === 'not-found';
    if (!(error instanceof Failure) || (error.kind !== 'data' && !isMissing)) throw error;
    return { state: 'broken', reason: error.message };
  }
}

function rowsOf(
  { bundles, omitted }: Contents,
  parts: Parts,
  manifest: ManifestState,
  release: ReleaseProgress | undefined,
  changes: readonly Change[],
): Row[] {
  const there = (part: string, ...items: (Item | undefined)[]): Row[] =>
    items.flatMap((item) => {
      if (item === undefined) return [];
      const state = item.inspection.problems.length === 0 ? 'there' : 'not right';
      return [{ part, state, detail: `${item.path}: ${item.is}` }];
    });
  const orMissing = (part: string, rows: readonly Row[], detail: string): readonly Row[] =>
    rows.length > 0 ? rows : [{ part, state: omitted ? 'unknown' : 'missing', detail }];
  const missing = omitted ? 'unknown' : 'missing';
  if (bundles[0] === '') return [{ part: 'operator bundle', state: 'there', detail: 'this folder is one' }];
  const { boots, rehearsal } = parts;
  return [
    ...there('rehearsal', rehearsal).map((row) => ({ ...row, ...outcomeOf(rehearsal) })),
    ...(release === undefined
      ? []
      : [
          {
            part: 'release',
            state: release.isDone && changes.length === 0 ? 'there' : 'not right',
            detail:
              changes.length === 0 ? release.detail : `${release.detail}, and ${filesChanged(changes)} since`,
          } as const,
        ]),
    ...there('input', parts.kernel, parts.initramfs, parts.rootfs),
    ...imageRows(there('image', parts.iso, parts.vmImage), manifest, missing),
    ...orMissing('SBOM', there('SBOM', parts.sbom), 'an SPDX 2.3 document that lists the images'),
    ...orMissing(
      'runbook',
      there('runbook', parts.runbook),
      'a text for when things go wrong, called recovery.md or the like',
    ),
    ...manifestRows(parts.manifest, manifest),
    {
      part: 'boots',
      state: boots.length > 0 ? 'there' : missing,
      detail:
        boots.length > 0
          ? `${boots.length} reports, not judged here`
          : 'no report of a boot; a bundle can do without',
    },
    ...orMissing(
      'operator bundle',
      bundles.map((path) => ({ part: 'operator bundle', state: 'there', detail: path })),
      'the folder to hand over',
    ),
    ...(omitted ? [{ part: 'more', state: 'there', detail: 'files that were not looked at' } as const] : []),
  ];
}

/** Says which images there are; those that a manifest names may lie in the bundle, which is not looked into. */
function imageRows(found: readonly Row[], manifest: ManifestState, missing: Row['state']): readonly Row[] {
  if (found.length > 0) return found;
  const part = 'image';
  return manifest.state === 'complete'
    ? [{ part, state: 'there', detail: 'where the artifact manifest says' }]
    : [{ part, state: missing, detail: 'an ISO or the disk of a virtual machine' }];
}

function outcomeOf(rehearsal: Item | undefined): Pick<Row, 'state' | 'detail'> {
  const value = (wanted: string) => rehearsal?.document?.fields.find(({ key }) => key === wanted)?.value;
  const status = value('rehearsal_status') ?? 'unknown';
  const reason = value('rehearsal_failure');
  return {
    state: status === 'ok' ? 'there' : 'not right',
    detail: `${rehearsal?.path}: ${status}${reason === undefined ? '' : `, ${reason}`}`,
  };
}

function manifestRows(item: Item | undefined, manifest: ManifestState): Row[] {
  const part = 'artifact manifest';
  switch (manifest.state) {
    case 'none':
      return [{ part, state: 'missing', detail: 'the record of what the release consists of' }];
    case 'broken':
      return [{ part, state: 'not right', detail: manifest.reason }];
    case 'incomplete':
      return manifest.missing.map((reason) => ({ part, state: 'not right', detail: reason }));
    case 'complete':
      return [{ part, state: 'there', detail: `${item?.path}: complete; its images were not measured here` }];
  }
}
