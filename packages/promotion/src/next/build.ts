// SPDX-License-Identifier: Apache-2.0
import { NONE } from '@latticra/evidence-format/define';
import { parseCommand } from '@latticra/shell-words';
import type { Evidence } from '../evidence/piece.js';
import type { Build } from '../release/build.js';
import type { Subject } from '../release/subject.js';
import { inEvidence, type NextCommand, PLACEHOLDERS, type Word } from './command.js';
import { unusedPath } from './unused-path.js';

type Files = Pick<Evidence, 'pieces' | 'refused'>;

/** Returns the command that makes a release of a Linux system, of inputs that the person has. */
export function buildCommand(evidence: Files, subject?: Pick<Subject, 'version' | 'tag'>): NextCommand {
  const tag = subject === undefined || subject.tag === NONE ? [] : ['--source-tag', subject.tag];
  return {
    words: [
      'latticra-os-image-build',
      ...['--kernel', PLACEHOLDERS.kernel, '--initramfs', PLACEHOLDERS.initramfs],
      ...['--rootfs', PLACEHOLDERS.rootfs, '--operator-recovery-path', PLACEHOLDERS.runbook],
      ...(subject === undefined ? [] : ['--artifact-version', subject.version]),
      ...tag,
      ...['--sign-key', PLACEHOLDERS.builderKey, '--output-dir', unusedPath(evidence, 'build')],
    ],
  };
}

/** Flags of a build that are given in another way; undefined leaves one to what the command does without it. */
export type Changes = Readonly<
  Partial<
    Record<'--formats' | '--build-environment' | '--source-commit' | '--source-tag', string | undefined>
  >
>;

/** Returns the command that a record says was typed, with another output folder and a signature; its paths start where the build did. */
export function repeatedBuild(evidence: Files, { command }: Build, changes: Changes = {}): NextCommand {
  const [program = '', ...words] = parseCommand(command);
  const wanted: Readonly<Record<string, Word | undefined>> = {
    ...changes,
    '--output-dir': unusedPath(evidence, 'build-again'),
  };
  const kept: Word[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word in wanted) at++;
    else kept.push(word);
  }
  const added = Object.entries(wanted).flatMap(([flag, value]): Word[] =>
    value === undefined ? [] : [flag, value],
  );
  return { words: [program, ...kept, ...added, '--sign-key', PLACEHOLDERS.builderKey] };
}

/** Returns the command that measures a build again, and says what is wrong with it. */
export const validateBuild = ({ piece: { path } }: Pick<Build, 'piece'>): NextCommand => ({
  words: ['latticra-os-image-build-validate', '--build-record', inEvidence(path)],
});
