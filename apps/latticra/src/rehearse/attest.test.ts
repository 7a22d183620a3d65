// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { attest } from './attest.js';
import { makeThrowAway } from './keys.js';

let status = 0;
vi.mock('@latticra/lane', async (original) => ({
  ...(await original<typeof import('@latticra/lane')>()),
  executeLane: async (_: unknown, { stderr }: { stderr(text: string): void }) => {
    stderr('latticra-os-image-attest: out/x.dsse.json: what it is\n');
    return status;
  },
}));

it.each([
  [74, 'io'],
  [73, 'cannot-create'],
  [65, 'data'],
  [70, 'unfulfilled'],
])('an attestation that ends with %i fails its rehearsal as %s', async (ended, kind) => {
  status = ended;
  const folder = mkdtempSync(join(tmpdir(), 'latticra-attest-'));
  try {
    const rehearsal = {
      at: (name: string) => join(folder, name),
      ...{ cwd: folder, env: process.env, signal: new AbortController().signal },
      account: { step: (_: string, __: string, work: () => unknown) => work() },
    } as never;
    const parties = await makeThrowAway(rehearsal, rehearsal);
    const made = { buildRecords: [], images: [] } as never;
    await expect(attest(rehearsal, made, parties, { sbom: 's', isBooted: false })).rejects.toMatchObject({
      kind,
      message: 'latticra-os-image-attest: out/x.dsse.json: what it is',
      fix: 'see to that, and rehearse again',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
