// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { measureFile, withKeptMeasurements } from '@latticra/held-files';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HeldFolder } from '../../../held-files/src/anchor/folder.js';
import { layRelease } from '../../test/folder.js';
import { readEvidence, renderReport } from '../index.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-report-reads-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Makes the page of the folder, and returns how often each file was opened. */
async function opensOfPage(): Promise<ReadonlyMap<string, number>> {
  const opened = new Map<string, number>();
  const open = HeldFolder.prototype.openFile;
  vi.spyOn(HeldFolder.prototype, 'openFile').mockImplementation(function (this: HeldFolder, name, observed) {
    const path = relative(folder, join(this.path, String(name)));
    opened.set(path, (opened.get(path) ?? 0) + 1);
    return open.call(this, name, observed);
  });
  renderReport(await readEvidence(folder));
  return opened;
}

it('a page opens each file once; the parts of a boot again to judge it, and its log and command once more to show them', async () => {
  layRelease(folder);
  const opened = await opensOfPage();
  expect(opened.size).toBeGreaterThan(40);
  for (const [path, times] of opened) {
    const most = path.endsWith('/record.txt') ? 2 : path.startsWith('boot-records/') ? 3 : 1;
    expect(times, path).toBe(most);
  }
});

it('a file whose measurement is kept is looked into, and not measured again, as long as it is the same', async () => {
  const image = Buffer.alloc(2 << 20, 'content ');
  writeFileSync(join(folder, 'image'), image);
  await withKeptMeasurements(async (known) => {
    await measureFile(join(folder, 'image'), { keep: known });
    const chunks = async () => {
      const counts: number[] = [];
      const { files } = await readEvidence(folder, { known, onBytes: (count) => counts.push(count) });
      return [files[0]?.sha256, counts.length];
    };
    expect(await chunks()).toEqual([hash('sha256', image), 1]);
    image.write('other');
    writeFileSync(join(folder, 'image'), image);
    expect(await chunks()).toEqual([hash('sha256', image), 16]);
  });
});

it('what is left out by its name is not looked at, a folder neither, whatever comes of it meanwhile', async () => {
  writeFileSync(join(folder, 'evidence'), 'evidence');
  const before = await readEvidence(folder);
  mkdirSync(join(folder, '.half'));
  symlinkSync('nowhere', join(folder, '.half/link'));
  symlinkSync('nowhere', join(folder, '.other'));
  await expect(readEvidence(folder)).rejects.toThrow('a link');
  const asked: string[] = [];
  const leaveOut = (path: string) => {
    asked.push(path);
    return path.startsWith('.');
  };
  expect(await readEvidence(folder, { leaveOut })).toEqual(before);
  expect(asked).toEqual(['.half', '.other', 'evidence']);
});
