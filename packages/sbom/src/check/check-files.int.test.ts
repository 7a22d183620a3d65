// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
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
  it('one changed byte is found, and what was not measured is reported', async () => {
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

describe('every algorithm', () => {
  const CONTENT = 'image';
  const sum = (name: string) => createHash(name).update(CONTENT).digest('hex');
  const sums: Readonly<Record<string, string>> = {
    MD5: sum('md5'),
    SHA1: sum('sha1'),
    SHA224: sum('sha224'),
    SHA256: sum('sha256'),
    SHA384: sum('sha384'),
    SHA512: sum('sha512'),
    'SHA3-256': sum('sha3-256'),
    'SHA3-384': sum('sha3-384'),
    'SHA3-512': sum('sha3-512'),
    'BLAKE2b-512': sum('blake2b512'),
  };
  const check = async (given: Readonly<Record<string, string>>) => {
    const path = join(folder, 'every');
    await writeFile(path, CONTENT);
    const document = {
      spdxVersion: 'SPDX-2.3',
      dataLicense: 'CC0-1.0',
      SPDXID: 'SPDXRef-DOCUMENT',
      name: 'x',
      documentNamespace: 'https://example.org/x',
      creationInfo: { created: '2026-01-01T00:00:00Z', creators: ['Tool: hand'] },
      documentDescribes: ['SPDXRef-f'],
      files: [
        {
          SPDXID: 'SPDXRef-f',
          fileName: './f',
          checksums: Object.entries(given).map(([algorithm, checksumValue]) => ({
            algorithm,
            checksumValue,
          })),
        },
      ],
    };
    return checkSbomFiles(JSON.stringify(document), () => path);
  };

  it('every algorithm that can be computed is compared, and the others are reported as not compared', async () => {
    expect((await check(sums)).findings).toEqual([]);
    const others = {
      SHA1: sums.SHA1 ?? '',
      BLAKE3: 'ab'.repeat(32),
      ADLER32: '00000001',
      MD2: 'ab'.repeat(16),
    };
    const { valid, findings } = await check(others);
    expect(valid).toBe(true);
    expect(findings.map(({ level, message }) => [level, message])).toEqual(
      ['BLAKE3', 'ADLER32', 'MD2'].map((name) => [
        'advice',
        `is not compared: "${name}" cannot be computed here`,
      ]),
    );
  });

  it.each(Object.keys(sums))('one changed digit of %s is found', async (algorithm) => {
    const value = sums[algorithm] ?? '';
    const other = (value.startsWith('0') ? '1' : '0') + value.slice(1);
    const { valid, findings } = await check({ ...sums, [algorithm]: other });
    expect(valid).toBe(false);
    expect(findings).toMatchObject([
      { level: 'error', clause: '8.4', message: expect.stringContaining(value) },
    ]);
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
