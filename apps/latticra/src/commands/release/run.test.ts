// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@latticra/failure';
import { type KeptMeasurements, withKeptMeasurements } from '@latticra/held-files';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAccount } from '../../steps/account.js';
import { ReleaseRun, type ReleaseStep, readState } from './run.js';
import { releaseState } from './state.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const state = () => releaseState.parse(readFileSync(join(folder, 'release.txt')));
const begin = async (kept: KeptMeasurements, version: string) => {
  const place = { named: 'out', absolute: folder };
  const run = new ReleaseRun(
    place,
    createAccount(() => undefined),
    undefined,
    {
      ...{ version, kept, command: 'latticra release --release 1' },
    },
  );
  await run.save();
  return run;
};
const FAILURE = new Failure('gone', 'data', 'sbom.spdx.json: is another now', { fix: 'get it again' });
const failing: ReleaseStep<never> = {
  ...{ id: 'sbom', name: 'SBOM', report: 'sbom.spdx.json', inputs: {} },
  work: async () => {
    throw FAILURE;
  },
  kept: () => expect.unreachable(),
};

it('a step that fails while another run works in the folder tells that, and leaves what the other says of itself', () =>
  withKeptMeasurements(async (kept) => {
    const one = await begin(kept, 'one');
    const other = await begin(kept, 'other');
    const error = await one.step(failing).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'overtaken',
      kind: 'cannot-create',
      message:
        'out: another run wrote there meanwhile, and this one came to an end with: sbom.spdx.json: is another now',
      fix: 'let the other one finish, then run this again',
      cause: FAILURE,
    });
    expect(await one.fail(error)).toBe(error);
    expect(state()).toMatchObject({ status: 'running', version: 'other' });
    await other.save({ status: 'done' });
    expect(state().status).toBe('done');
  }));

it('a step that fails in a folder of its own is told as it failed, also where nobody can read how far it was', () =>
  withKeptMeasurements(async (kept) => {
    const run = await begin(kept, 'one');
    await expect(run.step(failing)).rejects.toBe(FAILURE);
    expect(state()).toMatchObject({ status: 'failed', failedStep: 'sbom' });
    expect(await run.fail(FAILURE)).toBe(FAILURE);
    const again = await begin(kept, 'two');
    rmSync(join(folder, 'release.txt'));
    await expect(again.step(failing)).rejects.toBe(FAILURE);
  }));

it('a folder that has nothing but what a killed run left half-written is free for a release', async () => {
  mkdirSync(join(folder, '.operator-bundle.4194303-0123456789ab.staging'));
  writeFileSync(join(folder, '.release.txt.4194303-0123456789ab.tmp'), 'LATT');
  expect(await readState(folder)).toBeUndefined();
  writeFileSync(join(folder, 'thesis.tex'), 'years of work');
  await expect(readState(folder)).rejects.toThrow('no release made it');
});
