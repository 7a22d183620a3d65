// SPDX-License-Identifier: Apache-2.0
/** Follows a page as a reader does: its files are written, its commands typed in one shell, and what they say is compared. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block } from './blocks.js';

/** A command of a page, or a file that it has the reader write. */
export type Step =
  | { readonly kind: 'file'; readonly line: number; readonly name: string; readonly text: string }
  /** `shown` is what the page shows behind it; undefined where it shows nothing, and the command may say anything. */
  | { readonly kind: 'command'; readonly line: number; readonly command: string; readonly shown?: string };

/** What a command said, on both streams. */
export interface Followed {
  readonly step: Extract<Step, { kind: 'command' }>;
  readonly said: string;
}

/** In a block of code the first line of a file that the reader is to write. */
const FILE_NAME = /^\/\/ ([\w.-]+\.m?[jt]s)\n/;

/**
 * Takes blocks apart: of `sh` each block is one command, of `console` each line behind `$ `, with what it prints below; code that
 * begins with a comment of nothing but a name is a file.
 */
export function stepsOf(blocks: readonly Block[]): Step[] {
  return blocks.flatMap((block): Step[] => {
    const { language, line, text } = block;
    if (language === 'sh') return [{ kind: 'command', line, command: text.trimEnd() }];
    const name = FILE_NAME.exec(text)?.[1];
    if (language === 'ts' && name !== undefined) return [{ kind: 'file', line, name, text }];
    if (language !== 'console') return [];
    return text
      .split(/^(?=\$ )/m)
      .filter((part) => part.startsWith('$ '))
      .map((part) => {
        const [, command = '', shown = ''] = /^\$ ((?:.*\\\n)*.*)\n?([\s\S]*)$/.exec(part) ?? [];
        return { kind: 'command', line, command, shown: shown.trimEnd() };
      });
  });
}

/**
 * Follows steps in a folder, in one shell that ends at the first command that fails.
 * @returns what each command said, and the status that the shell ended with
 */
export function follow(steps: readonly Step[], cwd: string, env: NodeJS.ProcessEnv) {
  for (const step of steps) if (step.kind === 'file') writeFileSync(join(cwd, step.name), step.text);
  const commands = steps.filter((step) => step.kind === 'command');
  const mark = 'ends here, and the next begins';
  const script = commands.map(({ command }) => `${command}\necho "${mark}"\n`).join('');
  const { status, stdout } = spawnSync('sh', ['-c', `exec 2>&1\nset -eu\n${script}`], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 240_000,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
  });
  const said = stdout.split(`${mark}\n`);
  const followed = commands
    .slice(0, said.length)
    .map((step, at): Followed => ({ step, said: said[at] ?? '' }));
  return { status, followed };
}

/** What differs from run to run, wherever it stands: times, sums of them, digests, versions of the sources. */
const VOLATILE: readonly (readonly [RegExp, string])[] = [
  [/ *\d+\.\d+ s\b/g, ' * s'],
  [/sha256:[0-9a-f]{64}/g, 'sha256:*'],
  [/\b[0-9a-f]{40}\b/g, '*commit*'],
];

const settle = (text: string) =>
  VOLATILE.reduce((settled, [found, instead]) => settled.replace(found, instead), text.trimEnd());

/** Returns a pattern of what a page shows: `…` stands for anything, on a line of its own for any lines, also none. */
function patternOf(shown: string): RegExp {
  const escaped = settle(shown).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const lines = escaped.replace(/^…\n/gm, '(?:.*\\n)*?').replace(/\n…$/, '(?:\\n.*)*');
  return new RegExp(`^${lines.replace(/…/g, '.*')}$`);
}

/** Returns whether what was said is what a page shows, but for what differs from run to run. */
export function isAsShown(shown: string, said: string): boolean {
  return patternOf(shown).test(settle(said));
}
