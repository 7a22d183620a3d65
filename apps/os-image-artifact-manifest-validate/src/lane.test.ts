// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stageOperatorBundle } from '@latticra/operator-bundle';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestOf, writeRelease } from '../../../packages/operator-bundle/test/release.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'validate-lane-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe(lane.bin, () => {
  it('the validation reports what the fixture says when there is no manifest', async () => {
    const { status, stdout } = await tryLane(lane, [], { cwd });
    expect(status).toBe(0);
    expect(documentValues(stdout)).toMatchObject({
      validation_mode: 'no-effect-fixture-check',
      validation_decision: 'blocked-fixture-only-no-artifact-manifest-candidate',
      bootable_os_ready: '0',
    });
  });

  it('the validation finds a bundle ready wherever it was moved to, and a flipped byte in any file of it', async () => {
    await writeRelease(join(cwd, 'release'));
    await stageOperatorBundle(requestOf('release/manifest.txt', 'bundle'), { cwd });
    const moved = join(cwd, 'elsewhere');
    await rename(join(cwd, 'bundle'), moved);
    await rm(join(cwd, 'release'), { recursive: true });
    const validate = () => tryLane(lane, ['--artifact-manifest', join(moved, 'manifest.txt')], { cwd });
    const good = await validate();
    expect(good.stderr).toBe('');
    expect(documentValues(good.stdout)).toMatchObject({
      artifact_manifest_path: join(moved, 'manifest.txt'),
      artifact_manifest_ready_for_operator_review: '1',
    });
    for (const name of await readdir(moved)) {
      const bytes = await readFile(join(moved, name));
      const bad = Buffer.from(bytes);
      bad.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
      await writeFile(join(moved, name), bad);
      const { status, stdout } = await validate();
      expect([name, status, stdout]).toEqual([name, 65, '']);
      await writeFile(join(moved, name), bytes);
    }
  });

  it('the validation says what lies in a bundle without being part of it', async () => {
    await writeRelease(join(cwd, 'release'));
    const bundle = join(cwd, 'bundle');
    await stageOperatorBundle(requestOf('release/manifest.txt', 'bundle'), { cwd });
    await writeFile(join(bundle, 'serial.log'), 'booted');
    const { status, stdout } = await tryLane(lane, ['--artifact-manifest', 'bundle/manifest.txt'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toContain('\n[not_part_of_the_bundle]\nadded_01=serial.log\n');
  });
});
