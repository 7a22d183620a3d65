// SPDX-License-Identifier: Apache-2.0
/** Scenes of the lanes of Seal, and of its reports. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab, Scene } from './scene.js';

const SEAL = 'latticra-seal';
const ROOT = ['--root', 'project'];
const INIT = [
  ...['--project-id', 'demo', '--project-name', 'Demo', '--project-version', '1.0'],
  ...['--repository', 'https://example.org/demo', '--license', 'MIT', ...ROOT],
];
const SOURCES: Record<string, string> = {
  'README.md': 'Demo\n',
  LICENSE: 'MIT\n',
  'src/main.c': 'int main(void) { return 0; }\n',
};

/** Lays a project that these commands of Seal were run in. */
const project =
  (...commands: string[]) =>
  async (folder: string, lab: Lab): Promise<void> => {
    const made = await lab.once(`project ${commands}`, (at) => {
      for (const [name, content] of Object.entries(SOURCES)) {
        mkdirSync(join(at, 'project', name, '..'), { recursive: true });
        writeFileSync(join(at, 'project', name), content);
      }
      for (const command of commands) {
        lab.run(at, SEAL, command, ...(command === 'init' ? INIT : ROOT));
      }
    });
    cpSync(join(made, 'project'), join(folder, 'project'), { recursive: true });
  };

/** What a run that fails may leave: no hash list, and a report that says so, or none. */
const mayHold = (path: string, content: string | undefined) =>
  /-hashes\.txt$/.test(path)
    ? content === undefined
    : /-report\.txt$/.test(path) && (content === undefined || /^status=FAIL$/m.test(content));
/** A run that sees the temporary of another one warns of it, and says so in its report. */
const mayShare = (path: string, content: string | undefined) =>
  mayHold(path, content) || (/-report\.txt$/.test(path) && /^status=PASS$/m.test(content ?? ''));
const run = { leaves: 'files', mayHold, mayShare, tells: true } as const;

export const SEAL_SCENES: readonly Scene[] = [
  { command: `${SEAL} init`, argv: INIT, leaves: 'files', lay: project() },
  { ...run, command: `${SEAL} check`, argv: ROOT, lay: project('init') },
  { ...run, command: `${SEAL} baseline`, argv: ROOT, lay: project('init', 'baseline') },
  { ...run, command: `${SEAL} verify`, argv: ROOT, lay: project('init', 'baseline') },
  { command: `${SEAL} manifest`, argv: ROOT, leaves: 'nothing', lay: project('init') },
  { command: `${SEAL} report`, argv: ROOT, leaves: 'nothing', lay: project('init', 'check') },
  { command: `${SEAL} hashes`, argv: ROOT, leaves: 'nothing', lay: project('init', 'check') },
  { command: `${SEAL} version`, argv: [], leaves: 'nothing' },
  { command: `${SEAL} help`, argv: [], leaves: 'nothing' },
  { ...run, command: `${SEAL}-smoke`, argv: ROOT, lay: project('init') },
  { command: `${SEAL}-capability-metadata-report`, argv: [], leaves: 'nothing' },
  { command: `${SEAL}-operator-receipt-report`, argv: [], leaves: 'nothing' },
  { command: `${SEAL}-policy-decision-report`, argv: [], leaves: 'nothing' },
  { command: `${SEAL}-runtime-dry-run-report`, argv: [], leaves: 'nothing' },
];
