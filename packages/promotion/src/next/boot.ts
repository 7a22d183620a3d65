// SPDX-License-Identifier: Apache-2.0

import type { BootEvidence } from '@latticra/boot-cases';
import { SEED_BUILD_ID_PREFIX, SEED_EXIT_CODE, SEED_SENTINEL } from '@latticra/boot-seed';
import { isOf, type PieceOf } from '../evidence/piece.js';
import type { Build } from '../release/build.js';
import { inEvidence, type NextCommand, PLACEHOLDERS } from './command.js';
import type { Known } from './known.js';
import { unusedPath } from './unused-path.js';

/** What a whole system mostly needs without KVM. */
const MEANS = ['--memory-mib', '1024', '--timeout-seconds', '900'];

/**
 * Returns the command that boots an image of the release, and leaves a record signed by the machine.
 * @param booted a boot of which another one is wanted: of its image, which has to show the same
 */
export function bootCommand(
  { evidence, subject, builds }: Known,
  booted?: PieceOf<'boot-record'>,
): NextCommand {
  const sha256 = booted?.content.verified.record.imageBefore ?? subject.iso ?? subject.vmImage;
  const images = evidence.pieces.filter((piece) => piece.sha256 === sha256 && isOf(piece, 'image'));
  // Of copies the one that is handed on.
  const image = images.find(({ signature }) => signature !== undefined) ?? images[0];
  const build = builds.find(({ iso, vmImages }) =>
    [iso, ...vmImages].some((each) => each !== undefined && each === sha256),
  );
  const expected =
    booted === undefined ? expectationOf(build) : wordsOf(booted.content.verified.record.evidence);
  return {
    words: [
      'latticra-boot-matrix',
      'run',
      ...['--image', image === undefined ? PLACEHOLDERS.image : inEvidence(image.path)],
      ...expected,
      ...(build?.system === 'boot-seed' ? [] : MEANS),
      ...['--machine-key', PLACEHOLDERS.machineKey, '--output-dir', unusedPath(evidence, 'boots')],
    ],
  };
}

/** Returns the flags for what a system of this build shows: a login prompt and the id of the build, or the lines of the boot seed. */
function expectationOf(build: Build | undefined): string[] {
  if (build?.system !== 'boot-seed') {
    const id = build?.buildId === undefined ? [] : ['--expect-build-id', build.buildId];
    return ['--expect-prompt', 'login: ', ...id];
  }
  const id = build.buildId === undefined ? [] : ['--expect-line', `${SEED_BUILD_ID_PREFIX}${build.buildId}`];
  return ['--expect-line', SEED_SENTINEL, ...id, '--expect-exit-code', String(SEED_EXIT_CODE)];
}

/** Returns the flags for what a boot had to show. */
function wordsOf(expected: BootEvidence): string[] {
  const { lines, contains, patterns, prompt, buildId, exitCode, forbid, forbidServices } = expected;
  const each = (flag: string, values: readonly string[]) => values.flatMap((value) => [flag, value]);
  return [
    ...each('--expect-line', lines),
    ...each('--expect-contains', contains),
    ...each('--expect-pattern', patterns),
    ...(prompt === undefined ? [] : ['--expect-prompt', prompt]),
    ...(buildId === undefined ? [] : ['--expect-build-id', buildId]),
    ...(exitCode === undefined ? [] : ['--expect-exit-code', String(exitCode)]),
    ...each('--forbid', forbid),
    ...(forbidServices ? ['--forbid-services'] : []),
  ];
}
