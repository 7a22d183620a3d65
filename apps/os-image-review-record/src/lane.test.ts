// SPDX-License-Identifier: Apache-2.0
import { appendFile, chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completeEvidence, evaluate, removeEvidence } from '../../../packages/promotion/test/evidence.js';
import { KEYS } from '../../../packages/promotion/test/keys.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'review-record-'));
  await cp(join((await completeEvidence()).home, 'evidence'), join(cwd, 'evidence'), { recursive: true });
  await writeFile(join(cwd, 'key'), KEYS['bob@example.org'].privateFile, { mode: 0o600 });
});
afterEach(() => rm(cwd, { recursive: true, force: true }));
afterAll(removeEvidence);

const FLAGS = [
  ...[
    '--artifact-manifest',
    'evidence/one/manifest.txt',
    '--evidence',
    'evidence',
    '--reviewer',
    'bob@example.org',
  ],
  ...['--decision', 'approve', '--key', 'key', '--output', 'review.txt'],
];
const record = (argv: readonly string[] = FLAGS) => tryLane(lane, argv, { cwd });

describe(lane.bin, () => {
  it('a review is written, signed and printed, and completes a promotion whose evidence it names', async () => {
    const { status, stdout, stderr } = await record();
    expect([status, stderr]).toEqual([0, '']);
    expect(documentValues(stdout)).toMatchObject({
      decision: 'approve',
      artifact_version: '1.0',
      bootable_os_ready: '0',
    });
    expect(await readFile(join(cwd, 'review.txt'), 'utf8')).toBe(stdout);
    await cp(join(cwd, 'review.txt'), join(cwd, 'reviews/bob.txt'));
    await cp(join(cwd, 'review.txt.sig'), join(cwd, 'reviews/bob.txt.sig'));
    const { said } = await evaluate(cwd, { reviewsDir: join(cwd, 'reviews') });
    expect([said.unsatisfied, said.isReviewed]).toEqual([[], true]);
  });

  it('a review of files names those alone', async () => {
    const { stdout } = await record([
      ...FLAGS.slice(0, 2),
      '--evidence',
      'evidence/one/sbom.spdx.json',
      ...FLAGS.slice(4),
    ]);
    expect(stdout.split('[evidence]')[1]?.trim().split('\n')).toHaveLength(2);
  });

  it('a folder with evidence that does not hold is not approved, and may be rejected', async () => {
    await appendFile(join(cwd, 'evidence/boots/first/serial.log'), 'more\n');
    const { status, stdout, stderr } = await record();
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toContain('boots/first/record.txt: serial.log has the digest');
    expect(await readdir(cwd)).not.toContain('review.txt');
    const rejected = FLAGS.map((flag) => (flag === 'approve' ? 'reject' : flag));
    expect(await record([...rejected, '--reason', 'its log was changed'])).toMatchObject({ status: 0 });
  });

  it('no review is left where it cannot be signed, and none is replaced', async () => {
    await chmod(join(cwd, 'key'), 0o644);
    expect(await record()).toMatchObject({ status: 65, stdout: '' });
    expect(await readdir(cwd)).not.toContain('review.txt');
    await chmod(join(cwd, 'key'), 0o600);
    expect(await record()).toMatchObject({ status: 0 });
    expect(await record()).toMatchObject({ status: 73, stdout: '' });
    expect(await record(FLAGS.map((flag) => (flag === 'key' ? 'other' : flag)))).toMatchObject({
      status: 66,
    });
  });
});
