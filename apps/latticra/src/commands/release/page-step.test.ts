// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withKeptMeasurements } from '@latticra/held-files';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writePage } from './page-step.js';
import type { Release } from './release.js';
import type { ReleaseStep } from './run.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-page-step-'));
  writeFileSync(join(folder, 'manifest.txt'), 'evidence\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Makes the page, with what another run does meanwhile: between the look at what there is and the reading of it. */
async function pageOf(meanwhile: () => void) {
  let inputs: readonly string[] = [];
  await withKeptMeasurements((kept) =>
    writePage({
      run: {
        absolute: folder,
        known: new Map(),
        at: (name: string) => name,
        absoluteOf: (name: string) => join(folder, name),
        async step(step: ReleaseStep<string>) {
          inputs = Object.keys(step.inputs);
          meanwhile();
          return (await step.work()).value;
        },
      },
      tool: { name: 'test', version: '1' },
      progress: { track: (_: string, work: (onBytes: () => void) => unknown) => work(() => undefined) },
      kept,
    } as unknown as Release),
  );
  return { inputs, page: readFileSync(join(folder, 'report.html'), 'utf8') };
}

it('a page is the same whatever another run is half way through, before it or meanwhile', async () => {
  const alone = await pageOf(() => undefined);
  expect(alone.inputs).toEqual(['Latticra', 'manifest.txt']);
  rmSync(join(folder, 'report.html'));
  mkdirSync(join(folder, '.bundle.4194303-0123456789ab.staging'));
  writeFileSync(join(folder, '.bundle.4194303-0123456789ab.staging/half'), 'half');
  const beside = await pageOf(() => {
    writeFileSync(join(folder, '.release.txt.4194303-0123456789ab.tmp'), 'half');
    writeFileSync(join(folder, '.report.html.4194303-ba9876543210.tmp'), 'half');
  });
  expect(beside).toEqual(alone);
});
