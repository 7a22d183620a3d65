// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkSbom } from '@latticra/sbom';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archive } from '../../../packages/tar/test/archive.js';
import { BOOT_ISO } from '../../../tools/testing/images.js';
import { tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

const STATUS = 'Package: dash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 0.5.12-2\n';
const ROOT = archive(
  { name: 'usr/lib/os-release', content: 'ID=debian\nVERSION_ID=12\n' },
  { name: 'var/lib/dpkg/status', content: STATUS },
);

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'lane-'));
  await writeFile(join(cwd, 'root.tar'), ROOT);
  await writeFile(join(cwd, 'root.tar.gz'), gzipSync(ROOT));
  await writeFile(join(cwd, 'x.iso'), BOOT_ISO);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = (...argv: string[]) => tryLane(lane, ['--source-commit', '0123abc', ...argv], { cwd });
const packagesOf = (text: string) =>
  checkSbom(text).document?.packages?.map(({ name, versionInfo = '' }) => `${name} ${versionInfo}`);

describe(lane.bin, () => {
  it('a root and an image give one document, the same from a tar and from a tar.gz but for the archive', async () => {
    const { status, stdout, stderr } = await run('--rootfs', 'root.tar', '--iso', 'x.iso');
    expect([status, stderr]).toEqual([0, '']);
    expect(checkSbom(stdout).findings).toEqual([]);
    expect(packagesOf(stdout)).toEqual([
      'latticra-os-image local-candidate',
      'x.iso ',
      'root.tar ',
      'debian 12',
      'dash 0.5.12-2',
    ]);
    expect(packagesOf((await run('--rootfs', 'root.tar.gz')).stdout)?.slice(2)).toEqual(
      packagesOf(stdout)?.slice(3),
    );
    expect(await run('--rootfs', 'root.tar', '--iso', 'x.iso')).toEqual({ status, stdout, stderr });
  });

  it('a root is warned of whose packages are not all listed, with what to do, and its document says so', async () => {
    const database = { name: 'usr/lib/sysimage/rpm/rpmdb.sqlite', content: 'SQLite format 3' };
    await writeFile(join(cwd, 'fedora.tar'), archive(database));
    const { status, stdout, stderr } = await run('--rootfs', 'fedora.tar');
    expect(status).toBe(0);
    expect(stderr).toMatch(/: the root has no package database that is known: .*looked for .*\n/);
    expect(stderr).toMatch(
      /: the packages of rpm are not in the SBOM: .*rpmdb\.sqlite is not read; .*--add-images\n/,
    );
    expect(checkSbom(stdout).findings).toEqual([]);
    expect(stdout).toContain('"relatedSpdxElement": "NOASSERTION"');
  });

  it('--output takes the document whole, and --add-images reads it again', async () => {
    expect(await run('--rootfs', 'root.tar', '--output', 's.json')).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    const { status, stdout } = await run('--add-images', 's.json', '--iso', 'x.iso');
    expect(status).toBe(0);
    expect(checkSbom(stdout).valid).toBe(true);
    expect(packagesOf(stdout)).toEqual([
      ...(packagesOf(await readFile(join(cwd, 's.json'), 'utf8')) ?? []),
      'x.iso ',
    ]);
  });

  it.each<[string, number, string[], RegExp]>([
    ['neither root nor document', 64, ['--iso', 'x.iso'], /--rootfs or --add-images/],
    ['both', 64, ['--rootfs', 'root.tar', '--add-images', 's.json'], /one of the two/],
    ['no image to add', 64, ['--add-images', 'root.tar'], /expected an image/],
    ['a time with an offset', 64, ['--rootfs', 'root.tar', '--created', '2026-01-01'], /--created/],
    ['its own input as output', 64, ['--rootfs', 'root.tar', '--output', './root.tar'], /--output/],
    ['a root that is missing', 66, ['--rootfs', 'gone.tar'], /gone\.tar/],
    ['an ISO as root', 65, ['--rootfs', 'x.iso'], /x\.iso/],
    [
      'a tar as ISO',
      65,
      ['--rootfs', 'root.tar', '--iso', 'root.tar'],
      /found a tar archive, expected an ISO/,
    ],
    ['a document that is none', 65, ['--add-images', 'root.tar', '--iso', 'x.iso'], /breaks SPDX 2\.3/],
    ['an output folder that is missing', 73, ['--rootfs', 'root.tar', '--output', 'none/s.json'], /none/],
  ])('%s is refused, and nothing is written', async (_, expected, argv, reason) => {
    const before = await readdir(cwd);
    const { status, stdout, stderr } = await run(...argv);
    expect([status, stdout]).toEqual([expected, '']);
    expect(stderr).toMatch(reason);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(await readdir(cwd)).toEqual(before);
  });
});
