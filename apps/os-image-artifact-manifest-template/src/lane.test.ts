// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'artifact-manifest-template-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe(lane.bin, () => {
  it('the manifest template prints the form, as text and as JSON, and writes nothing', async () => {
    const { status, stdout, stderr } = await tryLane(lane, [], { cwd });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^LATTICRA OS IMAGE ARTIFACT MANIFEST TEMPLATE\ntemplate_status=ok\n/);
    expect(stdout).toContain(
      '\n[required_future_manifest]\nheader=LATTICRA OS IMAGE ARTIFACT MANIFEST\nmanifest_version=1\n',
    );
    expect(documentValues(stdout)).toMatchObject({
      latticra_os_image_artifact_manifest_template_present: '1',
      template_mode: 'no-effect-template',
      artifact_manifest_candidate_present: '0',
      artifact_manifest_ready_for_operator_review: '0',
    });
    const { sections } = JSON.parse((await tryLane(lane, ['--json'], { cwd })).stdout);
    expect(Object.keys(sections)).toEqual(['required_future_manifest', 'non_effects']);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('the fixture guards the manifest template', async () => {
    await writeFile(join(cwd, 'fixture.toml'), 'name = "latticra-os-image-release"\n');
    const { status, stdout, stderr } = await tryLane(lane, ['--manifest', 'fixture.toml'], { cwd });
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toMatch(/^latticra-os-image-artifact-manifest-template: fixture\.toml: [^\n]+\n$/);
  });
});
