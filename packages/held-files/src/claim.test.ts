// SPDX-License-Identifier: Apache-2.0
import fs, {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withClaim } from './claim.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-claim-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const target = () => join(folder, 'out');
const claim = () => join(folder, '.out.claim');
const refused = (fix: string, process = 'another process is') =>
  expect.objectContaining({
    code: 'exists',
    message: expect.stringContaining(`${process} at work in it`),
    fix: expect.stringContaining(fix),
  });

it('what is claimed has its claim beside it for as long as somebody works, and no longer', async () => {
  expect(await withClaim(target(), async () => readFileSync(claim(), 'utf8'))).toBe(`${process.pid}\n`);
  const failing = withClaim(target(), () => Promise.reject(new Error('in the middle')));
  await expect(failing).rejects.toThrow('in the middle');
  expect(readdirSync(folder)).toEqual([]);
});

it('a folder that another process has claimed is not worked in, and its claim stays', async () => {
  for (const [content, maker] of [
    [`${process.ppid}\n`, `another process, ${process.ppid}, is`],
    ['', undefined],
    ['no number\n', undefined],
    ['0\n', undefined],
  ] as const) {
    writeFileSync(claim(), content);
    await expect(withClaim(target(), () => expect.unreachable())).rejects.toEqual(refused(claim(), maker));
    expect(readFileSync(claim(), 'utf8')).toBe(content);
    expect(readdirSync(folder)).toEqual(['.out.claim']);
  }
});

it('a folder that is claimed by one name is so by another', async () => {
  mkdirSync(target());
  symlinkSync('out', join(folder, 'link'));
  await withClaim(join(folder, 'link'), () =>
    expect(withClaim(target(), () => expect.unreachable())).rejects.toEqual(
      refused(claim(), `another process, ${process.pid}, is`),
    ),
  );
  expect(readdirSync(folder)).toEqual(['link', 'out']);
});

it('the claim of a process that is gone is taken over', async () => {
  // The first is more than a system counts to.
  for (const gone of [999_999_999, process.pid]) {
    writeFileSync(claim(), `${gone}\n`);
    expect(await withClaim(target(), async () => readFileSync(claim(), 'utf8'))).toBe(`${process.pid}\n`);
    expect(readdirSync(folder)).toEqual([]);
  }
});

it('a folder that many claim at once is worked in by one of them', async () => {
  let atWork = 0;
  const done = await Promise.allSettled(
    Array.from({ length: 20 }, () =>
      withClaim(target(), async () => {
        expect(++atWork).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        atWork--;
      }),
    ),
  );
  expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(readdirSync(folder)).toEqual([]);
});

it('a folder beside which nobody may make a file is worked in unclaimed', async () => {
  const open = vi.spyOn(fs, 'openSync').mockImplementation(() => {
    throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });
  });
  syncBuiltinESMExports();
  try {
    expect(await withClaim(target(), async () => 'done')).toBe('done');
  } finally {
    open.mockRestore();
    syncBuiltinESMExports();
  }
});

it('a place where nothing can be made is told', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(withClaim(join(folder, 'file/out'), () => expect.unreachable())).rejects.toMatchObject({
    code: 'cannot-create',
  });
});
