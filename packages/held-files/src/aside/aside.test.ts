// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyAndSum, HeldFileError, measureFile } from '../index.js';
import { isAside, workAside } from './aside.js';

const MIB = 1 << 20;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-aside-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const hex = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');

/** Lets `use` work with the descriptors of a file and of a new one. */
async function opened<T>(
  content: Uint8Array,
  use: (work: {
    file: { path: string; fd: number; size: number };
    target: { path: string; fd: number };
  }) => Promise<T>,
): Promise<T> {
  writeFileSync(at('from'), content);
  rmSync(at('to'), { force: true });
  const file = { path: at('from'), fd: openSync(at('from'), 'r'), size: content.length };
  const target = { path: at('to'), fd: openSync(at('to'), 'wx') };
  try {
    return await use({ file, target });
  } finally {
    closeSync(file.fd);
    closeSync(target.fd);
  }
}

const content = Buffer.alloc(17 * MIB + 5, 'some content ');
content.fill(0, 5 * MIB, 9 * MIB);

it('a thread sums a file as this one does, by every hash that is asked for, and tells how far it is', async () => {
  let told = 0;
  const found = await opened(content, ({ file }) =>
    workAside({ file }, { sha1: true, sha512: true, onBytes: (count) => (told += count) }),
  );
  expect(found).toMatchObject({
    path: at('from'),
    size: content.length,
    sha256: hex('sha256', content),
    sha1: hex('sha1', content),
    sha512: hex('sha512', content),
  });
  expect(Buffer.from(found.head).equals(content.subarray(0, 65536))).toBe(true);
  expect(told).toBe(content.length);
  const here = await measureFile(at('from'), { sha1: true, sha512: true });
  expect({ ...found, head: Buffer.from(found.head) }).toEqual({ ...here, head: Buffer.from(here.head) });
});

it('a thread copies what it sums, with its holes', async () => {
  const { sha256, sha512 } = await opened(content, (work) => workAside(work, {}));
  expect([sha256, sha512]).toEqual([hex('sha256', content), '']);
  expect(readFileSync(at('to')).equals(content)).toBe(true);
  expect(statSync(at('to')).blocks * 512).toBeLessThan(14 * MIB);
});

it('a file that has another length than when it was opened is told as this thread tells it', async () => {
  for (const size of [content.length - 1, content.length + 1]) {
    await opened(content, async ({ file }) => {
      truncateSync(file.path, size);
      const error = await workAside({ file }, {}).catch((thrown: unknown) => thrown);
      const here = await measureFile({
        path: file.path,
        open: () => ({
          fd: openSync(file.path, 'r'),
          stats: { ...statSync(at('to'), { bigint: true }), size: BigInt(file.size) } as never,
        }),
      }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(HeldFileError);
      expect(error).toMatchObject({ code: 'changed', path: file.path });
      const { message, fix, kind } = here as HeldFileError;
      expect(error).toMatchObject({ message, fix, kind });
    });
  }
});

it('what the system says to a thread is told with its name: of a file that cannot be read, and of a copy that cannot be written', async () => {
  await opened(content, async ({ file, target }) => {
    const read = await workAside({ file: { ...file, fd: target.fd } }, {}).catch((thrown: unknown) => thrown);
    expect(read).toMatchObject({ code: 'io', path: file.path });
    expect((read as Error).message).toContain('(EBADF)');
    const written = await workAside({ file, target: { ...target, fd: file.fd } }, {}).catch(
      (thrown: unknown) => thrown,
    );
    expect(written).toMatchObject({ code: 'io', path: target.path, cause: { code: 'EBADF' } });
  });
});

it('a thread ends when nobody wants what it does any more, with the reason of the signal', async () => {
  const reason = new Error('nobody wants it');
  await opened(content, async (work) => {
    const controller = new AbortController();
    const onBytes = () => controller.abort(reason);
    await expect(workAside(work, { signal: controller.signal, onBytes })).rejects.toBe(reason);
    await expect(workAside(work, { signal: controller.signal })).rejects.toBe(reason);
  });
});

it('what is thrown by who is told how far it is comes out, and the thread is gone', async () => {
  await opened(content, async ({ file }) => {
    const onBytes = () => {
      throw new Error('cannot be drawn');
    };
    await expect(workAside({ file }, { onBytes })).rejects.toThrow('cannot be drawn');
  });
});

it('a thread is started for a large file alone, where it is asked for', () => {
  const file = (size: number) => ({ path: 'x', fd: -1, size });
  expect(isAside(file(2 ** 32), {})).toBe(false);
  expect(isAside(file(MIB), { aside: true })).toBe(false);
});

it('a large file is measured and copied aside as it is here', async () => {
  const size = 65 * MIB;
  writeFileSync(at('large'), content);
  truncateSync(at('large'), size);
  const whole = Buffer.concat([content, Buffer.alloc(size - content.length)]);
  const expected = { path: at('large'), size, sha256: hex('sha256', whole) };
  expect(await measureFile(at('large'), { aside: true })).toMatchObject(expected);
  const copied = await copyAndSum(at('large'), at('large-copy'), { aside: true });
  expect(copied).toMatchObject({ size, sha256: expected.sha256 });
  expect(await measureFile(at('large-copy'))).toMatchObject({ size, sha256: expected.sha256 });
});
