// SPDX-License-Identifier: Apache-2.0
/** What an evaluation tells a person to type next, for evidence of which something is missing. */
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { FIELD_NAMES, type FieldName } from '../../packages/promotion/src/index.js';
import { completeEvidence, evaluate, removeEvidence } from '../../packages/promotion/test/evidence.js';
import { assertTypable } from './next-command.js';

let home: string;
beforeEach(async () => {
  const whole = await completeEvidence();
  home = mkdtempSync(join(tmpdir(), 'latticra-next-'));
  for (const folder of ['evidence', 'inputs'])
    cpSync(join(whole.home, folder), join(home, folder), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));
afterAll(removeEvidence);

/** Lists the files of the evidence. */
const files = () =>
  readdirSync(join(home, 'evidence'), { recursive: true, encoding: 'utf8' }).map((path) =>
    join(home, 'evidence', path),
  );
const drop = (which: RegExp) => {
  const found = files().filter((path) => which.test(path));
  expect(found).not.toEqual([]);
  for (const path of found) rmSync(path, { recursive: true, force: true });
};
const spoil = (which: RegExp) => {
  for (const path of files().filter((each) => which.test(each))) writeFileSync(path, 'nonsense\n');
};

/** What the release of the test is built from. */
const INPUTS = ['vmlinuz', 'initrd.img', 'rootfs.tar', 'recovery.md'];

type Options = NonNullable<Parameters<typeof evaluate>[1]>;
const CASES: readonly [what: string, damage: () => void, options?: Options][] = [
  ['there is nothing', () => drop(/./)],
  ['no manifest is left', () => drop(/manifest\.txt$/)],
  ['there are images alone', () => drop(/(?<!\.iso|\.qcow2|evidence\/one)$/)],
  ['no build record is left', () => drop(/os-image-build\.txt/)],
  ['one build is left', () => drop(/two$/)],
  ['the builds are not signed', () => drop(/os-image-build\.txt\.sig$/)],
  ['their signatures are nonsense', () => spoil(/os-image-build\.txt\.sig$/)],
  ['nothing was booted', () => drop(/boots$/)],
  ['one machine booted', () => drop(/boots\/second$/)],
  ['the boots are not signed', () => drop(/record\.txt\.sig$/)],
  ['nobody did anything on hardware', () => drop(/transcripts$/)],
  ['the transcripts are not signed', () => drop(/transcripts\/.*\.sig$/)],
  ['there is no SBOM', () => drop(/spdx\.json$/)],
  ['there is no runbook', () => drop(/one\/(?!.*(iso|qcow2|manifest\.txt|spdx\.json)$)/)],
  ['nobody may sign', () => undefined, { policy: undefined }],
  ['there is no repository', () => drop(/\.sig$/), { checkTag: async () => 'unknown' }],
  ['nothing was reviewed', () => undefined],
];

const opened = new Set<FieldName>();

it.each(CASES)('whatever a person is told to type can be typed where %s', async (_, damage, options) => {
  damage();
  const reviewsDir = join(home, 'evidence');
  const { said } = await evaluate(home, { reviewsDir, ...options });
  expect(said.unsatisfied).not.toEqual([]);
  for (const line of said.unsatisfied) {
    const [, field = '', command = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
    opened.add(field as FieldName);
    await assertTypable(command, join(home, 'evidence'), INPUTS);
  }
});

it('every field was open in one of these', () => {
  expect([...opened].sort()).toEqual([...FIELD_NAMES].sort());
});
