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
  cwd = await mkdtemp(join(tmpdir(), 'boot-preview-boot-artifact-manifest-validate-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe(lane.bin, () => {
  it('says that everything is missing where there is no manifest', async () => {
    const { status, stdout, stderr } = await tryLane(lane, [], { cwd });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.startsWith('SEABIOS GRUB BOOT PREVIEW BOOT ARTIFACT MANIFEST VALIDATION\n')).toBe(true);
    expect(stdout).toContain('\n[missing_required_future_fields]\nartifact_id=missing\n');
    expect(documentValues(stdout)).toMatchObject({
      boot_artifact_manifest_candidate_ready: '0',
      bootable_os_ready: '0',
    });
    const { sections } = JSON.parse((await tryLane(lane, ['--json'], { cwd })).stdout);
    expect(Object.keys(sections).slice(-2)).toEqual(['missing_required_future_fields', 'non_effects']);
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
