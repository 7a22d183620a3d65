// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { measureFile } from '@latticra/held-files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { buildSbom } from '../build/build.js';
import { formatSbom } from '../build/format.js';
import { checkSbom } from './check.js';
import { checkSbomFiles } from './check-files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sbom-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('checkSbomFiles', () => {
  it('finds the one byte that changed, and tells what it did not measure', async () => {
    const path = join(folder, 'image.iso');
    await writeFile(path, 'image');
    const { sha1, sha256, size } = await measureFile(path, { sha1: true });
    const file = { sha1, sha256, size, types: ['ARCHIVE'] as const };
    const text = formatSbom(
      buildSbom({
        name: 'image',
        created: '1970-01-01T00:00:00Z',
        tool: { name: 'a-tool', version: '1' },
        describes: ['image'],
        packages: [
          {
            id: 'image',
            name: 'image',
            files: [
              { ...file, id: 'iso', name: './image.iso' },
              { ...file, id: 'elsewhere', name: './elsewhere' },
            ],
          },
        ],
      }),
    );
    const locate = ({ fileName }: { fileName: string }) => (fileName === './image.iso' ? path : undefined);

    const good = await checkSbomFiles(text, locate);
    expect(good.findings).toEqual([]);
    expect(good.unmeasured.map(({ fileName }) => fileName)).toEqual(['./elsewhere']);

    await writeFile(path, 'imagE');
    const bad = await checkSbomFiles(text, locate);
    expect(bad.valid).toBe(false);
    expect(bad.findings.map(({ clause, pointer }) => [clause, pointer])).toEqual([
      ['8.4', '/files/0/checksums/0/checksumValue'],
      ['8.4', '/files/0/checksums/1/checksumValue'],
    ]);

    await expect(checkSbomFiles(text, () => join(folder, 'missing'))).rejects.toMatchObject({
      code: 'not-found',
    });
    expect((await checkSbomFiles('{}', () => path)).valid).toBe(false);
  });
});

describe('a document of somebody else', () => {
  itWith(['npm'], "npm's: only the fraction in its created time breaks a clause", async () => {
    const dependency = {
      version: '1.0.0',
      license: 'MIT',
      integrity: `sha512-${Buffer.alloc(64, 7).toString('base64')}`,
    };
    const lock = {
      name: 'sample',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': {
          name: 'sample',
          version: '1.0.0',
          license: 'Apache-2.0',
          dependencies: { '@scope/part': '1.0.0' },
        },
        'node_modules/@scope/part': dependency,
      },
    };
    await writeFile(join(folder, 'package.json'), JSON.stringify(lock.packages['']));
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
    const { stdout } = await promisify(execFile)(
      'npm',
      ['sbom', '--sbom-format=spdx', '--package-lock-only', '--offline'],
      {
        cwd: folder,
      },
    );
    expect(checkSbom(stdout).findings.map(({ clause }) => clause)).toEqual(['6.9']);
    expect(checkSbom(stdout.replace(/("created": ".{19})\.\d+Z/, '$1Z')).findings).toEqual([]);
  });
});
