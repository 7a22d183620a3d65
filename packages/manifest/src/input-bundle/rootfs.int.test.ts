// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { cpio } from '../../../disk-image/src/testing/files.js';
import { archive, fitChecksum, gnuLong, pax } from '../../../tar/test/archive.js';
import { ManifestError } from '../error.js';
import { checkRootfs } from './rootfs.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rootfs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Lists the names that GNU tar reads; undefined where tar complains. */
function listed(path: string): string[] | undefined {
  const { status, stdout, stderr } = spawnSync('tar', ['--list', '--file', path], { encoding: 'utf8' });
  return status === 0 && stderr === '' ? stdout.split('\n').slice(0, -1) : undefined;
}

const part = fc.oneof(
  fc.stringMatching(/^[a-z]{1,8}$/),
  fc.constantFrom('ünïcödé', 'with space', "quote'd", '..hidden', '-dash', 'x'.repeat(99), 'y'.repeat(160)),
);
const paths = fc.uniqueArray(
  fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
  {
    minLength: 1,
    maxLength: 6,
  },
);

/** Makes a tree with an entry of each kind in turn, each in a folder of its own. */
function plant(root: string, names: readonly string[], size: number): void {
  // Its name is short, and the first of all: a file whose first name is left out is no file that a second can be a link to.
  writeFileSync(join(root, '.first'), 'first');
  names.forEach((name, index) => {
    const path = join(root, String(index), name);
    mkdirSync(dirname(path), { recursive: true });
    if (index % 4 === 0) writeFileSync(path, Buffer.alloc(size, name));
    if (index % 4 === 1) symlinkSync(index % 8 === 1 ? '/etc/../absolute' : '../../outside', path);
    if (index % 4 === 2) linkSync(join(root, '.first'), path);
    if (index % 4 === 3) {
      writeFileSync(path, 'head');
      truncateSync(path, 100_000 + size);
    }
  });
}

describe('with tar', () => {
  itWith(
    ['tar', 'gzip'],
    'archives that tar makes, in each of its formats, are accepted with the count that tar lists',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          paths,
          fc.nat(3000),
          fc.constantFrom('v7', 'oldgnu', 'gnu', 'ustar', 'posix'),
          fc.boolean(),
          fc.boolean(),
          async (names, size, format, isSparse, isCompressed) => {
            const run = mkdtempSync(join(folder, 'run-'));
            const root = join(run, 'root');
            mkdirSync(root);
            plant(root, names, size);
            const path = join(run, 'rootfs');
            const made = spawnSync('tar', [
              `--format=${format}`,
              // Only GNU's own formats and pax have a place for the map of a sparse file.
              ...(isSparse && !/v7|ustar/.test(format) ? ['--sparse'] : []),
              ...(isCompressed ? ['--gzip'] : []),
              // A folder lists its names in whatever order its file system likes.
              '--sort=name',
              ...['--create', '--file', path, '--directory', root, '.'],
            ]);
            // Names that the format is too old for: tar leaves them out, and says so.
            expect(made.status === 0 || /v7|ustar/.test(format)).toBe(true);
            const found = await checkRootfs(path, undefined);
            expect(found.format).toBe(isCompressed ? 'tar.gz' : 'tar');
            expect(found.members).toBe(listed(path)?.length);
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  itWith(['tar'], 'each version of a pax sparse map is accepted', async () => {
    mkdirSync(join(folder, 'root'));
    writeFileSync(join(folder, 'root/disk'), 'head');
    truncateSync(join(folder, 'root/disk'), 1_000_000);
    for (const version of ['0.0', '0.1', '1.0']) {
      const path = join(folder, version);
      execFileSync('tar', [
        ...['--format=posix', '--sparse', `--sparse-version=${version}`],
        ...['--create', '--file', path, '--directory', join(folder, 'root'), '.'],
      ]);
      expect((await checkRootfs(path, 'tar')).members).toBe(2);
    }
  });

  itWith(
    ['tar'],
    'archives written byte by byte are accepted as tar accepts them, with the same names',
    async () => {
      const name = fc.stringMatching(/^[a-z]{1,20}(\/[a-z]{1,20}){0,12}$/);
      // Each in a folder of its own, with a name that is none of a folder's when it is cut.
      const apart = (entries: readonly (readonly [string, string, string])[]) =>
        entries.map(
          ([written, ...rest], index) =>
            [`${index}/${written}`.replace(/^(.{99})\//, '$1x'), ...rest] as const,
        );
      const entry = fc.tuple(name, fc.constantFrom('plain', 'pax', 'long'), fc.string({ maxLength: 600 }));
      await fc.assert(
        fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 5 }).map(apart), async (entries) => {
          const path = join(folder, 'rootfs');
          writeFileSync(
            path,
            archive(
              ...entries.flatMap(([written, kind, content]) => {
                const short = { name: written.slice(0, 100), content };
                if (kind === 'pax') return [pax({ path: written }), short];
                return kind === 'long' ? [gnuLong('L', written), { ...short, magic: 'ustar  \0' }] : [short];
              }),
            ),
          );
          expect((await checkRootfs(path, 'tar')).members).toBe(entries.length);
          expect(listed(path)).toEqual(
            entries.map(([written, kind]) => (kind === 'plain' ? written.slice(0, 100) : written)),
          );
        }),
        { numRuns: 40 },
      );
    },
  );

  itWith(['tar'], 'a damaged archive that tar refuses or reads otherwise is refused', async () => {
    const path = join(folder, 'rootfs');
    const sound = archive(
      pax({ path: 'a/long/name', size: '9' }),
      { name: 'a', content: 'latticra\n' },
      gnuLong('L', 'another/long/name'),
      { name: 'b', content: 'x'.repeat(600), magic: 'ustar  \0' },
      { name: 'c', type: '1', link: 'another/long/name' },
      { name: 'd', type: '3' },
    );
    const headers = Array.from({ length: sound.length / 512 }, (_, block) => block * 512).filter(
      (at) => sound.toString('latin1', at + 257, at + 262) === 'ustar',
    );
    /** Bytes that mean something in a field or another, at any place of a header. */
    const change = fc.tuple(
      fc.oneof(fc.nat(511), fc.constantFrom(0, 100, 124, 135, 136, 156, 157, 257, 262, 263, 329, 345)),
      fc.oneof(fc.nat(255), fc.constantFrom(0, 32, 47, 48, 53, 55, 76, 83, 120, 128, 255)),
    );
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...headers),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        async (at, changes) => {
          const bytes = Buffer.from(sound);
          for (const [place, byte] of changes) bytes[at + place] = byte;
          fitChecksum(bytes.subarray(at, at + 512));
          writeFileSync(path, bytes);
          const found = await checkRootfs(path, 'tar').catch((error: unknown) => error);
          if (found instanceof ManifestError) return;
          accepted++;
          expect(found).toMatchObject({ members: listed(path)?.length });
        },
      ),
      { numRuns: 50 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});

describe('a whole file', () => {
  const sound = archive({ name: 'etc/hostname', content: 'latticra\n' });
  const put = (bytes: Uint8Array) => {
    const path = join(folder, 'rootfs');
    writeFileSync(path, bytes);
    return path;
  };
  const failure = (bytes: Uint8Array, declared?: 'tar' | 'tar.gz') =>
    checkRootfs(put(bytes), declared).then(
      () => undefined,
      (error: unknown) => error,
    );

  itWith(['sha256sum'], 'a root file system is measured in the pass that checks it', async () => {
    for (const bytes of [sound, gzipSync(sound), Buffer.concat([gzipSync(sound), gzipSync('')])]) {
      const path = put(bytes);
      const { measurement, members } = await checkRootfs(path, undefined);
      expect(members).toBe(1);
      expect(measurement.size).toBe(bytes.length);
      expect(execFileSync('sha256sum', [path], { encoding: 'utf8' })).toContain(measurement.sha256);
    }
  });

  itWith([], 'the content tells the format, and is held to what was declared', async () => {
    expect(await failure(gzipSync(sound), 'tar')).toMatchObject({ code: 'format', kind: 'data' });
    expect(await failure(sound, 'tar.gz')).toMatchObject({
      code: 'format',
      message: expect.stringContaining('expected tar.gz, found tar content'),
    });
    for (const [bytes, found] of [
      [
        Buffer.from('fd377a585a000004', 'hex'),
        'found xz data, expected a tar archive, alone or compressed with gzip',
      ],
      [Buffer.from('28b52ffd00000000', 'hex'), 'found zstd data'],
      [Buffer.from('BZh91AY&SY'), 'found bzip2 data'],
      [cpio({ init: Buffer.from('x') }), 'found a cpio archive'],
      [Buffer.from('no archive at all\n'), 'found text'],
      [gzipSync('no tar in here\n'.repeat(100)), 'found gzip data of text, expected a tar archive'],
      [Buffer.alloc(0), 'found an empty file'],
      [Buffer.alloc(2048), 'found data of no format that is known here'],
    ] as const) {
      expect(await failure(bytes)).toMatchObject({ code: 'format', message: expect.stringContaining(found) });
    }
    expect(await failure(Buffer.from('fd377a585a000004', 'hex'))).toMatchObject({
      fix: 'decompress it with xz -d',
    });
  });

  itWith([], 'a damaged root file system is refused with the member named, compressed or not', async () => {
    for (const [bytes, reason] of [
      [gzipSync(sound).subarray(0, -4), /gzip, in the end of the archive: unexpected end of file/],
      [gzipSync(sound.subarray(0, 600)), /ends in member "etc\/hostname"/],
      [archive({ name: '../etc' }), /member "\.\.\/etc" has \.\. in its name/],
      [gzipSync(archive({ name: '../etc' })), /member "\.\.\/etc" has \.\. in its name/],
    ] as const) {
      expect(await failure(bytes)).toMatchObject({ code: 'archive', message: expect.stringMatching(reason) });
    }
  });
});
