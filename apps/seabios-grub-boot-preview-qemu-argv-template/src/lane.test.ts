// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import shipped from '../../../installer/manifests/seabios-grub-boot-preview.toml';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'boot-preview-qemu-argv-template-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe(lane.bin, () => {
  it('prints what a boot needs, as text and as JSON, and starts nothing', async () => {
    const { status, stdout, stderr } = await tryLane(lane, [], { cwd });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.startsWith('SEABIOS GRUB BOOT PREVIEW QEMU ARGV TEMPLATE\n')).toBe(true);
    expect(stdout).toContain(
      '\n[required_future_inputs]\noperator_review_id=<required-before-qemu-execution>\n',
    );
    expect(documentValues(stdout)).toMatchObject({ qemu_run_performed: '0', bootable_os_ready: '0' });
    const { sections } = JSON.parse((await tryLane(lane, ['--json'], { cwd })).stdout);
    expect(Object.keys(sections).slice(-2)).toEqual(['required_future_inputs', 'non_effects']);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('measures the fixture that it read, not the one that ships', async () => {
    const text = `# reviewed today\n${shipped}`;
    await writeFile(join(cwd, 'own.toml'), text);
    const sha256 = createHash('sha256').update(text).digest('hex');
    const { stdout } = await tryLane(lane, ['--manifest', 'own.toml'], { cwd });
    expect(documentValues(stdout)).toMatchObject({
      manifest_path: 'own.toml',
      manifest_measurement: `sha256:${sha256}`,
    });
  });
});
