// SPDX-License-Identifier: Apache-2.0
/** Another process changes places of what a document names while it is looked at, as fast as it can. */
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { HeldFileError } from '@latticra/held-files';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import {
  buildAttacker,
  playRounds,
  raceFolder,
  tellCalibration,
} from '../../../../tools/testing/attacker.js';
import { itWith } from '../../../../tools/testing/tools.js';
import { EVIDENCE_TEXT } from '../../test/evidence.js';
import { BootPreviewError } from '../error.js';
import { holdEvidence } from '../evidence/load.js';
import { checkFile } from './check.js';
import { holdFile, holdPlace } from './inside.js';
import { sumBytes } from './sum.js';

const ROUNDS = Number(process.env.RACE_ROUNDS ?? 1000);
const TEXT = 'the same bytes, here and there';
const RECORDED = { path: 'd/f', sha256: sumBytes(Buffer.from(TEXT)) };

const attacker = buildAttacker();
let base = '';
const at = (name: string) => join(base, 'root', name);
beforeEach(() => {
  base = raceFolder();
  for (const folder of [at('d'), join(base, 'outside/d')]) mkdirSync(folder, { recursive: true });
  // The digest cannot tell the two apart; which file was read can.
  for (const file of [at('d/f'), join(base, 'outside/d/f')]) writeFileSync(file, TEXT);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Returns how a round ended, a refusal by its code. */
async function outcomeOf(round: () => Promise<string>): Promise<string> {
  try {
    return await round();
  } catch (error) {
    if (error instanceof HeldFileError || error instanceof BootPreviewError) return error.code;
    throw error;
  }
}

/** Makes a round that looks at the file as this package does, and returns which file it was. */
function look(inside: bigint): () => Promise<string> {
  return () =>
    outcomeOf(() =>
      holdPlace({ path: 'record.txt', folder: at('.') }, async (place) => {
        await checkFile(place, 'x', RECORDED);
        const ino = await holdFile(place, 'x_path', RECORDED.path, ({ stats }) => stats.ino);
        return ino === inside ? 'inside' : 'OUTSIDE';
      }),
    );
}

describe('what a document names', () => {
  const cases: [name: string, attack: () => string[], permitted: string[]][] = [
    [
      'a folder changes places with a link out',
      () => {
        symlinkSync('../outside/d', at('x'));
        return ['exchange', at('d'), at('x')];
      },
      ['inside', 'path-escape', 'not-folder', 'changed'],
    ],
    [
      'a file changes places with a link out',
      () => {
        symlinkSync('../../outside/d/f', at('d/x'));
        return ['exchange', at('d/f'), at('d/x')];
      },
      ['inside', 'path-escape', 'not-regular', 'changed'],
    ],
    [
      'the folder of the document comes and goes',
      () => ['toggle', at('.').replace(/\/$/, ''), join(base, 'elsewhere')],
      ['inside', 'not-found', 'changed'],
    ],
  ];

  for (const [name, attack, permitted] of cases) {
    const play = async () => {
      const inside = lstatSync(at('d/f'), { bigint: true }).ino;
      const tally = await playRounds(attacker(), attack(), look(inside), ROUNDS);
      expect(permitted).toEqual(expect.arrayContaining([...tally.keys()]));
    };
    itWith(['cc'], `what a document names is never another file while ${name}`, play, 60_000 + ROUNDS * 20);
  }

  itWith(
    ['cc'],
    'a record and the files beside it are never of two folders while these change places',
    async () => {
      for (const [folder, buildId] of [
        ['root', 'nightly.1'],
        ['outside', 'nightly.2'],
      ] as const) {
        writeFileSync(join(base, folder, 'evidence.txt'), EVIDENCE_TEXT.replaceAll('nightly.1', buildId));
        writeFileSync(join(base, folder, 'beside'), buildId);
      }
      const round = () =>
        outcomeOf(() =>
          holdEvidence(at('evidence.txt'), { cwd: base }, async (record) => {
            const beside = await holdFile(record, 'x_path', 'beside', (file) => file.bytes(100).toString());
            return beside === record.evidence.buildId ? 'one folder' : 'TWO FOLDERS';
          }),
        );
      const attack = ['exchange', join(base, 'root'), join(base, 'outside')];
      const tally = await playRounds(attacker(), attack, round, ROUNDS);
      expect(['one folder', 'changed']).toEqual(expect.arrayContaining([...tally.keys()]));
    },
    60_000 + ROUNDS * 20,
  );

  itWith(
    ['cc'],
    'what a document names would be another file to a program that compares paths first',
    async () => {
      symlinkSync('../outside/d', at('x'));
      writeFileSync(join(base, 'outside/d/f'), 'OUTSIDE');
      const root = realpathSync.native(at('.'));
      const round = () => {
        const path = at(RECORDED.path);
        if (realpathSync.native(path) !== join(root, RECORDED.path)) return 'path-escape';
        return readFileSync(path, 'utf8');
      };
      const tally = await playRounds(attacker(), ['exchange', at('d'), at('x')], round, ROUNDS);
      tellCalibration('compare paths, then read', tally, 'OUTSIDE');
    },
  );
});
