// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import { asPlainUser, testFolder } from '../test/folder.js';
import {
  type Measurement,
  measureAndUse,
  measureFile,
  readStableFile,
  type StableFile,
  withStableFile,
} from './index.js';
import { HEAD_BYTES } from './measurement.js';

const MIB = 1 << 20;
const folder = testFolder();
const hash = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');
/** Makes bytes in which no two stretches are alike. */
const noise = (size: number) => {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE(Math.imul(at + 1, 0x9e3779b1) >>> 0, at);
  return bytes;
};
const failure = (code: string, kind: string, text: string) =>
  expect.objectContaining({ code, kind, message: expect.stringContaining(text) });

describe('measureFile', () => {
  it.each([0, 1, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 7])(
    'measureFile agrees with crypto about a file of %d bytes',
    async (size) => {
      const bytes = noise(size);
      writeFileSync(folder.at('a'), bytes);
      let counted = 0;
      const found = await measureFile(folder.at('a'), {
        sha1: true,
        onBytes: (count) => {
          counted += count;
        },
      });
      expect(found).toMatchObject({
        path: folder.at('a'),
        size,
        sha256: hash('sha256', bytes),
        sha1: hash('sha1', bytes),
      });
      expect(Buffer.compare(found.head, bytes.subarray(0, HEAD_BYTES))).toBe(0);
      expect(counted).toBe(size);
    },
  );

  it('measureFile computes SHA-1 only when asked', async () => {
    writeFileSync(folder.at('a'), 'x');
    expect((await measureFile(folder.at('a'))).sha1).toBe('');
  });

  it('measureFile follows a symbolic link to the file it names', async () => {
    writeFileSync(folder.at('a'), 'content');
    symlinkSync('a', folder.at('link'));
    expect(await measureFile(folder.at('link'))).toMatchObject({
      path: folder.at('link'),
      sha256: hash('sha256', Buffer.from('content')),
    });
  });
});

describe('what is no file to measure', () => {
  itWith(
    ['mkfifo'],
    'a folder, a FIFO, a device, a socket and a name of nothing are not measured',
    async () => {
      mkdirSync(folder.at('folder'));
      execFileSync('mkfifo', [folder.at('fifo')]);
      symlinkSync('fifo', folder.at('link-to-fifo'));
      symlinkSync('nowhere', folder.at('dangling'));
      symlinkSync('loop', folder.at('loop'));
      writeFileSync(folder.at('file'), '');
      const server = createServer().listen(folder.at('socket'));
      await new Promise((resolve) => server.once('listening', resolve));
      try {
        for (const [path, code, kind, text] of [
          [folder.at('folder'), 'not-regular', 'data', 'is a folder'],
          [folder.at('fifo'), 'not-regular', 'data', 'is a FIFO'],
          [folder.at('link-to-fifo'), 'not-regular', 'data', 'is a FIFO'],
          [folder.at('socket'), 'not-regular', 'data', 'is a socket'],
          ['/dev/null', 'not-regular', 'data', 'is a device'],
          ['/dev/zero', 'not-regular', 'data', 'is a device'],
          [folder.at('missing'), 'not-found', 'input-missing', 'no such file'],
          [folder.at('dangling'), 'not-found', 'input-missing', 'no such file'],
          [folder.at('file/below'), 'not-found', 'input-missing', 'not a folder'],
          [folder.at('loop'), 'unreadable', 'input-missing', 'symbolic links'],
          [folder.at('n'.repeat(256)), 'unreadable', 'input-missing', 'name too long'],
        ] as const) {
          for (const read of [
            () => measureFile(path),
            () => readStableFile(path, { maxBytes: 10 }),
            () => withStableFile(path, () => undefined),
          ]) {
            await expect(read(), path).rejects.toThrow(failure(code, kind, `${path}: `));
            await expect(read(), path).rejects.toThrow(text);
          }
        }
      } finally {
        server.close();
      }
    },
  );

  it('a file that one may not read is not measured', async () => {
    writeFileSync(folder.at('secret'), 'x', { mode: 0o000 });
    chmodSync(folder.path, 0o755);
    await expect(asPlainUser(() => measureFile(folder.at('secret')))).rejects.toThrow(
      failure('unreadable', 'input-missing', 'permission denied (EACCES)'),
    );
  });

  it('a file of /proc, which has no length to hold it to, is not measured', async () => {
    await expect(measureFile('/proc/self/status')).rejects.toThrow(
      failure('changed', 'data', 'expected the 0 it had'),
    );
  });
});

describe('a file that changes while it is read', () => {
  const rewrite = (path: string) => {
    const fd = openSync(path, 'r+');
    writeSync(fd, 'x', 0);
    closeSync(fd);
  };
  const CHANGES: [string, (path: string) => void][] = [
    ['rewritten at the same size', rewrite],
    [
      'rewritten with its time put back',
      (path) => {
        rewrite(path);
        utimesSync(path, 1, 1);
      },
    ],
    ['appended to', (path) => appendFileSync(path, 'x')],
    ['cut short', (path) => truncateSync(path, 2 * MIB)],
    ['emptied', (path) => truncateSync(path, 0)],
    [
      'replaced by a rename',
      (path) => {
        writeFileSync(`${path}.new`, noise(3 * MIB));
        renameSync(`${path}.new`, path);
      },
    ],
    ['made unreadable', (path) => chmodSync(path, 0)],
  ];

  it.each(CHANGES)('measureFile refuses a file that is %s while it is read', async (_, change) => {
    const path = folder.at('a');
    writeFileSync(path, noise(3 * MIB));
    utimesSync(path, 1, 1);
    // File systems without fine-grained times have to tell the change from the making.
    await setTimeout(20);
    let steps = 0;
    const onBytes = () => {
      if (steps++ === 0) change(path);
    };
    await expect(measureFile(path, { onBytes })).rejects.toThrow(
      expect.objectContaining({ code: 'changed', kind: 'data', fix: expect.any(String) }),
    );
  });

  it.each(CHANGES)('withStableFile refuses a file that is %s while it is used', async (_, change) => {
    const path = folder.at('a');
    writeFileSync(path, noise(3 * MIB));
    utimesSync(path, 1, 1);
    await setTimeout(20);
    await expect(withStableFile(path, () => change(path))).rejects.toThrow(
      failure('changed', 'data', 'changed while it was being read'),
    );
  });

  it('a file that grows as fast as it is read is not followed for ever', async () => {
    const path = folder.at('log');
    writeFileSync(path, noise(2 * MIB));
    let written = 2 * MIB;
    const onBytes = (count: number) => {
      // Stands for a writer that never ends; an end to it keeps a failing test from filling the disk.
      if (written < 16 * MIB) appendFileSync(path, noise(count));
      written += count;
    };
    await expect(measureFile(path, { onBytes })).rejects.toThrow(failure('changed', 'data', path));
    expect(written).toBeLessThan(8 * MIB);
  });
});

describe('readStableFile', () => {
  it('readStableFile gives the bytes and their digest', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        writeFileSync(folder.at('a'), bytes);
        const found = await readStableFile(folder.at('a'), { maxBytes: 2000 });
        expect(Buffer.compare(found.bytes, bytes)).toBe(0);
        expect(found).toMatchObject({ size: bytes.length, sha256: hash('sha256', bytes) });
      }),
      { numRuns: 20 },
    );
  });

  it('readStableFile puts more than one chunk together', async () => {
    const bytes = noise(2 * MIB + 5);
    writeFileSync(folder.at('a'), bytes);
    const found = await readStableFile(folder.at('a'), { maxBytes: bytes.length });
    expect(Buffer.compare(found.bytes, bytes)).toBe(0);
  });

  it('readStableFile refuses a file one byte over the limit', async () => {
    writeFileSync(folder.at('a'), '12345');
    await expect(readStableFile(folder.at('a'), { maxBytes: 5 })).resolves.toMatchObject({ size: 5 });
    await expect(readStableFile(folder.at('a'), { maxBytes: 4 })).rejects.toThrow(
      failure('too-large', 'data', '5 bytes, expected at most 4'),
    );
  });
});

describe('withStableFile', () => {
  it('withStableFile passes on what its use gives or throws, and closes the file', async () => {
    const path = folder.at('a');
    writeFileSync(path, 'abc');
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    expect(await withStableFile(path, ({ size }) => size)).toBe(3);
    const error = new RangeError('of the caller');
    await expect(
      withStableFile(path, () => {
        throw error;
      }),
    ).rejects.toBe(error);
    await expect(
      measureFile(path, {
        onBytes: () => {
          throw error;
        },
      }),
    ).rejects.toBe(error);
    expect(open()).toBe(before);
  });
});

describe('measureAndUse', () => {
  const textOf = ({ fd, size }: StableFile) => {
    const bytes = Buffer.alloc(size);
    readSync(fd, bytes, 0, size, 0);
    return bytes.toString();
  };

  it('measureAndUse looks into what it measured', async () => {
    const path = folder.at('a');
    writeFileSync(path, 'measured');
    const look = (file: StableFile, measurement: Measurement) => ({ text: textOf(file), measurement });
    expect(await measureAndUse(path, look, { sha1: true })).toEqual({
      text: 'measured',
      measurement: await measureFile(path, { sha1: true }),
    });
  });

  it('measureAndUse sees what it measured, and fails, when another file takes the name meanwhile', async () => {
    const path = folder.at('a');
    writeFileSync(path, 'measured');
    const seen: string[] = [];
    const look = (file: StableFile) => {
      renameSync(path, folder.at('old'));
      writeFileSync(path, 'another');
      seen.push(textOf(file));
    };
    await expect(measureAndUse(path, look)).rejects.toEqual(failure('changed', 'data', path));
    expect(seen).toEqual(['measured']);
  });

  it('measureAndUse passes on what its use throws', async () => {
    writeFileSync(folder.at('a'), 'measured');
    const refusal = new RangeError('not what it should be');
    const look = () => {
      throw refusal;
    };
    await expect(measureAndUse(folder.at('a'), look)).rejects.toBe(refusal);
  });
});
