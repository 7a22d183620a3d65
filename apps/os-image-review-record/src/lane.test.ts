// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { READINESS_CLAIMS } from '@latticra/evidence-format';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

const SHIPPED = fileURLToPath(
  new URL('../../../installer/manifests/latticra-os-image-release.toml', import.meta.url),
);

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'lane-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe(lane.bin, () => {
  it('the lane names the fixture that it was guarded by, claims nothing, and writes nothing', async () => {
    const { status, stdout, stderr } = await tryLane(lane, [], { cwd });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')[0]).toBe('LATTICRA OS IMAGE REVIEW RECORD');
    const claims = Object.fromEntries(Object.keys(READINESS_CLAIMS).map((claim) => [claim, '0']));
    expect(documentValues(stdout)).toMatchObject({
      ...claims,
      manifest_sha256: `sha256:${createHash('sha256')
        .update(await readFile(SHIPPED))
        .digest('hex')}`,
    });
    expect(await readdir(cwd)).toEqual([]);
  });

  it('the lane is guarded by the fixture that is named', async () => {
    const shipped = await readFile(SHIPPED, 'utf8');
    const early = shipped.replace('bootable_os_ready = false', 'bootable_os_ready = true');
    await writeFile(join(cwd, 'early.toml'), early);
    const { status, stdout, stderr } = await tryLane(lane, ['--manifest', 'early.toml'], { cwd });
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toMatch(/early\.toml: .*bootable_os_ready: expected false, found true/);
  });
});
