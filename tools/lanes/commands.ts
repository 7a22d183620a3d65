// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { program as bootMatrix } from '../../apps/boot-matrix/src/program.js';
import { program as diskImage } from '../../apps/disk-image/src/program.js';
import { loadProgram } from '../../apps/latticra/src/program.js';
import { createProgram as createSeal } from '../../apps/seal/src/program.js';
import type { FlagSpecs, Lane } from '../../packages/lane/src/index.js';

const APPS = fileURLToPath(new URL('../../apps', import.meta.url));

/** One command line without its flags. */
export interface Command {
  readonly bin: string;
  /** The words behind it that choose a lane, if any do. */
  readonly words: readonly string[];
  readonly flags: FlagSpecs;
  /** Whether every-lane.test.ts reads its help, and what it says to flags, without a process. */
  readonly isTriedWithoutProcess: boolean;
  /** What it exits with where stdout takes no answer, and for a value that no document could repeat. */
  readonly exits: { readonly io: number; readonly unsafeValue: number };
}

const SYSEXITS = { io: 74, unsafeValue: 65 };
/** Seal's own: cannot run safely, and wrong call. */
const SEAL_EXITS = { io: 2, unsafeValue: 64 };

/** Lists every lane of every app, every program of several lanes by itself, and every guard. */
export async function listCommands(): Promise<readonly Command[]> {
  const commands: Command[] = [];
  for (const program of [await loadProgram(), bootMatrix, diskImage, createSeal()]) {
    const { bin } = program;
    const exits = bin === 'latticra-seal' ? SEAL_EXITS : SYSEXITS;
    commands.push({ bin, words: [], flags: {}, isTriedWithoutProcess: false, exits });
    for (const [word, { flags, fixture }] of Object.entries(program.lanes)) {
      const isTriedWithoutProcess = fixture !== undefined && bin !== 'latticra-seal';
      commands.push({ bin, words: [word], flags, isTriedWithoutProcess, exits });
    }
  }
  for (const app of readdirSync(APPS)) {
    const lane = join(APPS, app, 'src/lane.ts');
    if (existsSync(lane)) {
      const { lane: found }: { lane: Lane } = await import(lane);
      const exits = found.bin.startsWith('latticra-seal-smoke') ? SEAL_EXITS : SYSEXITS;
      const isTriedWithoutProcess = found.fixture !== undefined;
      commands.push({ bin: found.bin, words: [], flags: found.flags, isTriedWithoutProcess, exits });
    }
  }
  const { bin: guards } = JSON.parse(readFileSync(join(APPS, 'guards/package.json'), 'utf8'));
  for (const bin of Object.keys(guards))
    commands.push({ bin, words: [], flags: {}, isTriedWithoutProcess: false, exits: SYSEXITS });
  return commands;
}
