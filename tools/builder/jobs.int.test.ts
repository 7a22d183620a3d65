// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { doJobs, type End, type Job } from './jobs.mjs';

/** Does what it is told, and says which of its jobs it was, and of which process. */
const WORKER = `
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
let count = 0;
process.on('message', ({ say = '', until, make, exit, hold = true }) => {
  count += 1;
  process.stdout.write(say + ': ' + count + ' of ' + process.pid + '\\n');
  // As what a bundler says for itself.
  spawnSync('sh', ['-c', 'echo said by another >&2'], { stdio: 'inherit' });
  if (exit !== undefined) process.exit(exit);
  if (make !== undefined) writeFileSync(make, '');
  const answer = () => (until === undefined || existsSync(until) ? process.send(hold) : setTimeout(answer, 20));
  answer();
});
process.on('disconnect', () => process.exit());
`;

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'latticra-jobs-test-'));
  writeFileSync(join(cwd, 'worker.mjs'), WORKER);
});
afterAll(() => rmSync(cwd, { recursive: true }));

const job = (name: string, message: object = {}, after: string[] = []): Job => ({
  name,
  after,
  message: { say: name, ...message },
});

/** Does jobs, and returns their ends by their names, in the order in which they came. */
async function endsOf(jobs: readonly Job[], size: number): Promise<Map<string, End>> {
  const ends = new Map<string, End>();
  for await (const end of doJobs(jobs, { cwd, worker: join(cwd, 'worker.mjs'), size }))
    ends.set(end.name, end);
  return ends;
}

const processOf = (end: End | undefined) => /\d of (\d+)\n/.exec(end?.output ?? '')?.[1];
const countOf = (end: End | undefined) => /: (\d) of/.exec(end?.output ?? '')?.[1];

it('a worker does one job after the other, and each has its own output, its children included', async () => {
  const ends = await endsOf([job('a'), job('b'), job('c')], 1);
  expect([...ends.keys()]).toEqual(['a', 'b', 'c']);
  expect([...ends.values()].map(countOf)).toEqual(['1', '2', '3']);
  expect(new Set([...ends.values()].map(processOf)).size).toBe(1);
  for (const [name, { output, status, startTime = 0, endTime = 0 }] of ends) {
    expect(output).toMatch(new RegExp(`^${name}: \\d of \\d+\\nsaid by another\\n$`));
    expect(status).toBe('success');
    expect(endTime).toBeGreaterThanOrEqual(startTime);
  }
});

it('two jobs are done at a time where that is asked for, the first of the list first', async () => {
  const ends = await endsOf(
    [job('long', { until: 'last' }), job('b'), job('c'), job('d', { make: 'last' })],
    2,
  );
  expect([...ends.keys()].filter((name) => name !== 'long')).toEqual(['b', 'c', 'd']);
  expect([...ends.values()].map(({ status }) => status)).toEqual([
    'success',
    'success',
    'success',
    'success',
  ]);
  expect(new Set([...ends.values()].map(processOf)).size).toBe(2);
});

it('a job that fails says so with its output, and so does one whose worker ends, and the others are done', async () => {
  const ends = await endsOf(
    [job('no', { hold: false }), job('gone', { exit: 3 }), job('after'), job('last')],
    1,
  );
  expect([...ends.values()].map(({ name, status }) => [name, status])).toEqual([
    ['no', 'failure'],
    ['gone', 'failure'],
    ['after', 'success'],
    ['last', 'success'],
  ]);
  expect(ends.get('gone')?.output).toMatch(/^gone: 2 of \d+\nsaid by another\nended with 3\n$/);
  expect(countOf(ends.get('after'))).toBe('1');
  expect(processOf(ends.get('after'))).not.toBe(processOf(ends.get('gone')));
});

it('a job waits for those that it comes after, a script too, and is left out where one of them failed', async () => {
  const script = (code: string) => ['-e', `console.log('a script'); ${code}`];
  const jobs = [
    job('second', {}, ['made', 'of another batch']),
    job('never', {}, ['broken']),
    job('nor this', {}, ['never']),
    { name: 'made', after: [], script: script('setTimeout(() => {}, 300)') },
    { name: 'broken', after: [], script: script('process.exit(1)') },
    job('meanwhile'),
  ];
  const ends = await endsOf(jobs, 2);
  expect(Object.fromEntries([...ends].map(([name, { status }]) => [name, status]))).toEqual({
    meanwhile: 'success',
    made: 'success',
    second: 'success',
    broken: 'failure',
    never: 'skipped',
    'nor this': 'skipped',
  });
  expect(ends.get('made')?.output).toBe('a script\n');
  expect(ends.get('broken')?.output).toBe('a script\nended with 1\n');
  expect([...ends.keys()].indexOf('second')).toBeGreaterThan([...ends.keys()].indexOf('made'));
});

it('a worker that cannot be started fails its job', async () => {
  const ends = doJobs([job('a')], { cwd, worker: join(cwd, 'nothing.mjs'), size: 1 });
  const { value } = await ends.next();
  expect(value).toMatchObject({ name: 'a', status: 'failure' });
  expect((value as End).output).toContain('MODULE_NOT_FOUND');
});

it('jobs that come after each other are refused', async () => {
  await expect(endsOf([job('a', {}, ['b']), job('b', {}, ['a'])], 2)).rejects.toThrow(
    'a: comes after itself',
  );
});

it('whoever is interrupted in the middle leaves no file of it, and what is under way is waited for', async () => {
  const own = join(cwd, 'tmp');
  mkdirSync(own);
  vi.stubEnv('TMPDIR', own);
  const made = join(cwd, 'made');
  try {
    const jobs = [job('a'), job('b', { until: made }), job('c', { make: made })];
    for await (const end of doJobs(jobs, { cwd, worker: join(cwd, 'worker.mjs'), size: 2 })) {
      expect(end.name).toBe('a');
      expect(readdirSync(own)).toEqual([]);
      writeFileSync(made, '');
      break;
    }
    expect(readdirSync(own)).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
  }
});
