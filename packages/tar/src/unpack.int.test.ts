// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import { archive, fitChecksum, gnuLong, octal, pax, paxRecord, type TestMember } from '../test/archive.js';
import { TarError, walkTar } from './index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unpack-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PYTHON = `import sys, tarfile
archive = tarfile.open(sys.argv[1])
archive.errorlevel = 2
archive.extractall(sys.argv[2], **({'filter': 'fully_trusted'} if hasattr(tarfile, 'fully_trusted_filter') else {}))`;

/** How each unpacks an archive into a folder. */
const UNPACKERS: Readonly<Record<string, (path: string, into: string) => string[]>> = {
  tar: (path, into) => ['tar', '-xpf', path, '-C', into],
  bsdtar: (path, into) => ['bsdtar', '-xpf', path, '-C', into],
  python3: (path, into) => ['python3', '-c', PYTHON, path, into],
};
const TOOLS = Object.keys(UNPACKERS);
/** Hundreds of processes, on a machine that has other things to do. */
const MINUTES = 300_000;

/**
 * Lists what lies below a folder, each entry with everything that two unpackers could differ in, and no times of
 * folders.
 */
function treeOf(root: string): Record<string, string> {
  const tree: Record<string, string> = {};
  const namesOf = new Map<number, string[]>();
  /** Joins a path to the folder as bytes, which names are here too. */
  const at = (path: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
  const walk = (below: string) => {
    for (const bytes of readdirSync(at(below), { encoding: 'buffer' })) {
      const path = join(below, bytes.toString('latin1'));
      const stat = lstatSync(at(path));
      const mode = (stat.mode & 0o7777).toString(8);
      const names = [...(namesOf.get(stat.ino) ?? []), path];
      namesOf.set(stat.ino, names);
      if (stat.isSymbolicLink()) tree[path] = `-> ${readlinkSync(at(path), 'latin1')}`;
      else if (stat.isDirectory()) {
        tree[path] = `folder ${mode}`;
        walk(path);
      } else if (stat.isFile()) {
        const digest = createHash('sha1')
          .update(readFileSync(at(path)))
          .digest('hex');
        tree[path] = `${mode} ${Math.round(stat.mtimeMs)} ${digest}`;
      } else tree[path] = `other ${mode}`;
    }
  };
  walk('');
  for (const names of namesOf.values()) if (names.length > 1) tree[names.sort().join(' = ')] = 'one file';
  return tree;
}

/** Returns what each tool makes of an archive, or what it says where it fails. */
function unpack(bytes: Uint8Array): Record<string, unknown> {
  const run = mkdtempSync(join(folder, 'run-'));
  const path = join(run, 'archive.tar');
  writeFileSync(path, bytes);
  const trees = Object.entries(UNPACKERS).map(([tool, argv]) => {
    const into = join(run, tool);
    mkdirSync(into);
    const { status, stderr } = spawnSync('sh', ['-c', 'umask 022; exec "$@"', 'sh', ...argv(path, into)], {
      encoding: 'utf8',
    });
    return [tool, status === 0 ? treeOf(into) : `failed: ${stderr}`];
  });
  rmSync(run, { recursive: true, force: true });
  return Object.fromEntries(trees);
}

function accepts(bytes: Uint8Array): boolean {
  const walk = walkTar();
  try {
    walk.push(bytes);
    return walk.end().members > 0;
  } catch (error) {
    if (error instanceof TarError) return false;
    throw error;
  }
}

function expectAlike(bytes: Uint8Array): void {
  const { tar, ...others } = unpack(bytes);
  expect(tar).toEqual(expect.any(Object));
  expect(others).toEqual({ bsdtar: tar, python3: tar });
}

describe('accepted archives', () => {
  itWith(
    TOOLS,
    'GNU tar, bsdtar and Python unpack members of few names in any order to one tree',
    () => {
      const name = fc
        .array(fc.constantFrom('a', 'b', '.'), { minLength: 1, maxLength: 3 })
        .map((parts) => parts.join('/'));
      const mode = fc.constantFrom('0000644\0', '0000755\0', '0004711\0').map((text) => ({ 100: text }));
      const entry: fc.Arbitrary<TestMember> = fc.oneof(
        fc.record({ name, raw: mode, content: fc.string({ maxLength: 5 }) }),
        fc.record({ name, raw: mode, type: fc.constant('5') }),
        fc.record({ name: name.map((text) => `${text}/`), type: fc.constant('\0') }),
        fc.record({ name, link: name, type: fc.constant('1') }),
        fc.record({ name, link: fc.oneof(name, fc.constant('/nowhere')), type: fc.constant('2') }),
        fc.record({ name, type: fc.constantFrom('6', '7') }),
      );
      let accepted = 0;
      fc.assert(
        fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), (members) => {
          const bytes = archive(...members);
          if (!accepts(bytes)) return;
          accepted++;
          expectAlike(bytes);
        }),
        { numRuns: 80 },
      );
      expect(accepted).toBeGreaterThan(0);
    },
    MINUTES,
  );

  itWith(
    TOOLS,
    'GNU tar, bsdtar and Python unpack an accepted archive with a few changed header bytes to one tree',
    () => {
      const sound = archive(
        pax({ path: 'p/long/name', size: '5', mtime: '17.25' }),
        { name: 'a', content: 'hello' },
        gnuLong('L', 'another/long/name'),
        { name: 'b', content: 'x'.repeat(600), magic: 'ustar  \0' },
        { name: 'c', type: '1', link: 'another/long/name' },
        { name: 'd', type: '2', link: 'c' },
        { name: 'e/', type: '5' },
      );
      const headers = Array.from({ length: sound.length / 512 }, (_, block) => block * 512).filter(
        (at) => sound.toString('latin1', at + 257, at + 262) === 'ustar',
      );
      /** Bytes that mean something in a field or another, at any place of a header but in its time, which ends in 2242. */
      const change = fc.tuple(
        fc.oneof(
          fc.nat(511),
          fc.constantFrom(0, 1, 2, 100, 124, 135, 156, 157, 158, 257, 262, 263, 329, 345),
        ),
        fc.oneof(fc.nat(255), fc.constantFrom(0, 32, 46, 47, 48, 53, 55, 76, 83, 120, 128, 255)),
      );
      let accepted = 0;
      fc.assert(
        fc.property(
          fc.constantFrom(...headers),
          fc.array(change, { minLength: 1, maxLength: 3 }),
          (at, changes) => {
            const bytes = Buffer.from(sound);
            for (const [place, byte] of changes) if (place < 136 || place > 147) bytes[at + place] = byte;
            fitChecksum(bytes.subarray(at, at + 512));
            if (!accepts(bytes)) return;
            accepted++;
            expectAlike(bytes);
          },
        ),
        { numRuns: 40 },
      );
      expect(accepted).toBeGreaterThan(0);
    },
    MINUTES,
  );

  const file: TestMember = { name: 'a', content: 'hello' };
  const sparse = (runs: readonly number[]): TestMember => ({
    name: 'disk',
    type: 'S',
    magic: 'ustar  \0',
    content: 'x'.repeat(517),
    raw: { 386: runs.map(octal).join(''), 483: octal(9000) },
  });
  const records = (...pairs: readonly (readonly [string, string])[]): TestMember => ({
    ...pax({}),
    content: pairs.map(([key, value]) => paxRecord(key, value)).join(''),
  });
  const cases: readonly (readonly [string, readonly TestMember[]])[] = [
    ['names in two parts', [{ ...file, prefix: 'p/q' }]],
    [
      'long names of both kinds',
      [gnuLong('L', 'b/'.repeat(90)), { name: 'x', type: '5' }, pax({ path: 'ü'.repeat(90) }), file],
    ],
    ['times in parts of a second', [pax({ mtime: '1700000000.123456789' }), file]],
    ['times before 1970', [pax({ mtime: '-5' }), file, { name: 'b', raw: { 136: Buffer.alloc(12, 0xff) } }]],
    ['numbers in base-256', [{ ...file, size: Buffer.from('800000000000000000000005', 'hex') }]],
    ['a size said twice', [pax({ size: '5' }), file]],
    ['a comment for all', [pax({ comment: 'x' }, 'g'), file]],
    ['an old sparse map', [sparse([0, 512, 5000, 5, 9000, 0])]],
    [
      'a sparse map of version 0.0',
      [
        records(
          ['GNU.sparse.size', '2000'],
          ['GNU.sparse.numblocks', '2'],
          ['GNU.sparse.offset', '7'],
          ['GNU.sparse.numbytes', '5'],
          ['GNU.sparse.offset', '2000'],
          ['GNU.sparse.numbytes', '0'],
        ),
        file,
      ],
    ],
    [
      'a sparse map of version 1.0 that is all hole',
      [
        pax({
          'GNU.sparse.major': '1',
          'GNU.sparse.minor': '0',
          'GNU.sparse.name': 'disk',
          'GNU.sparse.realsize': '2000',
        }),
        { ...file, content: '1\n2000\n0\n'.padEnd(512, '\0') },
      ],
    ],
  ];
  for (const [what, members] of cases) {
    itWith(TOOLS, `GNU tar, bsdtar and Python unpack an archive with ${what} to one tree`, () => {
      const bytes = archive(...members);
      expect(accepts(bytes)).toBe(true);
      expectAlike(bytes);
    });
  }
});

describe('what tars make is accepted', () => {
  const plant = (root: string) => {
    mkdirSync(join(root, 'usr/bin'), { recursive: true });
    writeFileSync(join(root, 'usr/bin/tool'), 'tool');
    linkSync(join(root, 'usr/bin/tool'), join(root, 'usr/bin/alias'));
    symlinkSync('usr/bin', join(root, 'bin'));
    symlinkSync('/etc/../nowhere', join(root, 'out'));
    writeFileSync(join(root, 'ü'.repeat(70)), 'long');
    writeFileSync(join(root, 'disk'), 'head');
    truncateSync(join(root, 'disk'), 3_000_000);
    // Python's times are floating-point numbers: whole milliseconds are told apart by all.
    for (const name of ['disk', 'usr/bin/tool', 'ü'.repeat(70)])
      utimesSync(join(root, name), 0, 1_700_000_000.1234);
  };
  for (const tool of ['tar', 'bsdtar']) {
    for (const format of tool === 'tar' ? ['gnu', 'posix'] : ['pax', 'gnutar']) {
      itWith([...TOOLS], `an archive that ${tool} makes in its format ${format} is accepted`, () => {
        const root = join(folder, 'root');
        mkdirSync(root);
        plant(root);
        const path = join(folder, 'made.tar');
        const sparse = tool === 'tar' ? ['--sparse'] : [];
        execFileSync(tool, [`--format=${format}`, ...sparse, '-cf', path, '-C', root, '.']);
        const bytes = readFileSync(path);
        expect(accepts(bytes)).toBe(true);
        expectAlike(bytes);
      });
    }
  }
});
