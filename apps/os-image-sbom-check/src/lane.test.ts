// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { READINESS_CLAIMS } from '@latticra/evidence-format';
import { buildSbom, formatSbom } from '@latticra/sbom';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'lane-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const sound = formatSbom(
  buildSbom({
    name: 'a-1',
    created: '1970-01-01T00:00:00Z',
    tool: { name: 'a-tool', version: '1' },
    describes: ['a'],
    packages: [{ id: 'a', name: 'a' }],
  }),
);

describe(lane.bin, () => {
  it('a sound document ends with 0, claims nothing, and nothing is written', async () => {
    await writeFile(join(cwd, 's.json'), sound);
    const { status, stdout, stderr } = await tryLane(lane, ['s.json'], { cwd });
    expect([status, stderr]).toEqual([0, '']);
    expect(documentValues(stdout)).toMatchObject({
      check_status: 'ok',
      sbom_valid: '1',
      sbom_packages: '1',
      ...Object.fromEntries(Object.keys(READINESS_CLAIMS).map((claim) => [claim, '0'])),
    });
    expect(await readdir(cwd)).toEqual(['s.json']);
  });

  it('errors and advice are told apart, all of them, and only errors end it with 65', async () => {
    await writeFile(join(cwd, 's.json'), sound.replace('"SPDX-2.3"', '"SPDX-2.2"').replace('CC0-1.0', 'MIT'));
    const { status, stdout } = await tryLane(lane, ['s.json'], { cwd });
    expect(status).toBe(65);
    expect(stdout).toMatch(/^sbom_errors=2$/m);
    expect(stdout).toMatch(/\[errors\]\nerror_01=6\.1 \/spdxVersion: .*\nerror_02=6\.2 /);
    const other = sound.replace('"name": "a",', '"name": "a", "primaryPackagePurpose": "OPERATING-SYSTEM",');
    await writeFile(join(cwd, 'o.json'), other);
    expect((await tryLane(lane, ['--sbom', 'o.json'], { cwd })).status).toBe(0);
  });

  it('what a document says is shown printable, and --json has the same answer', async () => {
    await writeFile(join(cwd, 's.json'), sound.replace('CC0-1.0', '\u001b[2J\u202e'));
    const { stdout } = await tryLane(lane, ['s.json'], { cwd });
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
    const { status, stdout: json } = await tryLane(lane, ['s.json', '--json'], { cwd });
    expect(status).toBe(65);
    expect(JSON.parse(json)).toMatchObject({ title: 'LATTICRA OS IMAGE SBOM CHECK' });
  });

  it.each<[string, number, string[]]>([
    ['no file', 64, []],
    ['two files', 64, ['s.json', 's.json']],
    ['a file that is missing', 66, ['gone.json']],
    ['a folder', 65, ['.']],
  ])('%s is refused', async (_, expected, argv) => {
    await writeFile(join(cwd, 's.json'), sound);
    const { status, stdout } = await tryLane(lane, argv, { cwd });
    expect([status, stdout]).toEqual([expected, '']);
  });
});
