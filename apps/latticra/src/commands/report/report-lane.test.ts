// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { layRelease, sum, write } from '../../../../../packages/evidence-report/test/folder.js';
import { documentValues, tryLane } from '../../../../../tools/testing/lane.js';
import { lane as reportLane } from './report-lane.js';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'latticra-report-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const run = (...argv: string[]) => tryLane(reportLane, argv, { cwd });

it('the answer of the report tells the verdict, and the page that it wrote', async () => {
  layRelease(join(cwd, 'release'));
  const { status, stdout, stderr } = await run('release', '--output', 'page.html');
  expect([status, stderr]).toEqual([0, '']);
  const page = readFileSync(join(cwd, 'page.html'));
  expect(documentValues(stdout)).toMatchObject({
    report_status: 'ok',
    evidence_dir: 'release',
    evidence_file_count: '45',
    report_verdict: 'Blocked',
    report_wrong_count: '1',
    report_missing_count: '3',
    bootable_os_ready: '0',
    report_bytes: String(page.length),
    report_sha256: `sha256:${sum(page)}`,
    report_path: 'page.html',
  });
});

it('a page in the folder that it shows is replaced, and is the same again', async () => {
  layRelease(join(cwd, 'release'));
  await run('release', '--output', 'release/page.html');
  const first = readFileSync(join(cwd, 'release/page.html'), 'utf8');
  symlinkSync('release', join(cwd, 'link'));
  expect((await run('release', '--output', 'link/page.html')).status).toBe(0);
  expect(readFileSync(join(cwd, 'release/page.html'), 'utf8')).toBe(first);
  expect(first).not.toContain('page.html');
});

it('evidence is not replaced by a page', async () => {
  layRelease(join(cwd, 'release'));
  const { status, stderr } = await run('release', '--output', 'release/manifest.txt');
  expect([status, stderr]).toEqual([73, expect.stringContaining('is evidence')]);
});

it.each([
  ['a claim', 65, (folder: string) => write(folder, 'a.txt', 'LATTICRA A\nbootable_os_ready=1\n')],
  ['a link', 65, (folder: string) => symlinkSync('/etc/passwd', join(folder, 'manifest2.txt'))],
  ['nothing at all', 66, (folder: string) => rmSync(folder, { recursive: true })],
])('%s in the place of evidence is refused, and no page is written', async (_, expected, change) => {
  layRelease(join(cwd, 'release'));
  change(join(cwd, 'release'));
  writeFileSync(join(cwd, 'page.html'), 'before');
  const { status, stdout, stderr } = await run('release', '--output', 'page.html');
  expect([status, stdout]).toEqual([expected, '']);
  expect(stderr).toMatch(/^latticra report: [^\n]+\n$/);
  expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toBe('before');
});
