// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnchoredFile, type Anchoring, openAnchor } from '@latticra/held-files/anchor';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundleScript } from '../../../../tools/testing/bundle.js';
import { FILE_CHANGES } from '../../../../tools/testing/file-changes.js';
import { HASHES, HOLDING, testProject } from '../../test/project.js';
import { markersOf } from '../policy/markers.js';
import { createMarkerScan } from '../policy/scan.js';
import { startHelper } from './helper.js';
import { CHUNK_BYTES } from './read-file.js';
import { readLarge } from './read-large.js';
import { walkScope } from './walk.js';

const MIB = 1 << 20;
/** The size from which on a file is read by both threads. */
const LARGE_BYTES = 128 * MIB;
/** A size larger than what the two threads have in hand at a time. */
const SLOTS_AND_MORE = 6 * MIB;
const MARKER = 'ship-me-not';
const DENIED = [['ship', '-me-not']];
const FOUND = ['marker 1 of policy.deny_contents'];
const NONE = new AbortController().signal;

let folder = '';
let script = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-large-'));
  script = await bundleScript(new URL('../../test/seal-script.ts', import.meta.url), folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const project = testProject();

/** Holds the file `large` of the project while something is done with it. */
async function withLarge<T>(
  content: Uint8Array,
  anchoring: Anchoring,
  use: (file: AnchoredFile) => Promise<T>,
): Promise<T> {
  writeFileSync(project.at('large'), content);
  const root = openAnchor(project.path, { anchoring, label: '.' });
  const file = root.openFile('large');
  try {
    return await use(file);
  } finally {
    file.close();
    root.close();
  }
}

describe.each(
  HOLDING.flatMap((anchoring) => [
    { anchoring, threads: 1 },
    { anchoring, threads: 2 },
  ]),
)('a large file in a folder held by $anchoring, read by $threads', ({ anchoring, threads }) => {
  let descriptors = 0;
  beforeEach(() => {
    descriptors = readdirSync('/proc/self/fd').length;
  });
  afterEach(() => {
    expect(readdirSync('/proc/self/fd')).toHaveLength(descriptors);
  });
  const read = (file: AnchoredFile, onBytes: (count: number) => void = () => undefined, signal = NONE) => {
    const scan = createMarkerScan(markersOf(DENIED), CHUNK_BYTES);
    return readLarge(file, { scan, hasThreads: threads === 2, onBytes, signal });
  };

  it('a large file has the digest of all of its bytes, and its markers are found across chunks', async () => {
    // Around where slots, and rounds of slots, meet.
    const size = fc
      .tuple(fc.constantFrom(0, 1, 3, 4, 5, 9), fc.integer({ min: -20, max: 20 }))
      .map(([slots, more]) => Math.max(0, slots * MIB + more));
    const place = fc.tuple(fc.nat(9), fc.integer({ min: -20, max: 20 }));
    await fc.assert(
      fc.asyncProperty(size, place, async (length, [slot, offset]) => {
        const bytes = Buffer.alloc(length, 'large ');
        const at = slot * MIB + offset;
        const isIn = at >= 0 && at + MARKER.length <= length;
        if (isIn) bytes.write(MARKER, at);
        let count = 0;
        const outcome = await withLarge(bytes, anchoring, (file) =>
          read(file, (more) => {
            count += more;
          }),
        );
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        expect(outcome).toEqual({ sha256, found: isIn ? FOUND : [] });
        expect(count).toBe(length);
      }),
      { numRuns: 10 },
    );
  });

  it.each(FILE_CHANGES)(
    'a large file that is %s while it is read is refused as changed',
    async (_, change) => {
      const outcome = withLarge(Buffer.alloc(SLOTS_AND_MORE), anchoring, (file) => {
        let isDone = false;
        return read(file, () => {
          if (!isDone) change(project.at('large'));
          isDone = true;
        });
      });
      await expect(outcome).rejects.toMatchObject({
        code: 'changed',
        message: expect.stringMatching(/^large: (changed|ended|has)/),
      });
    },
  );

  it('a large file is left where the run is aborted, and is no part of the next one', async () => {
    for (const stop of [new DOMException('stop', 'AbortError'), new RangeError('stop')]) {
      const controller = new AbortController();
      let chunks = 0;
      const reading = withLarge(Buffer.alloc(SLOTS_AND_MORE), anchoring, (file) =>
        read(
          file,
          () => {
            chunks += 1;
            if (stop instanceof RangeError) throw stop;
            controller.abort(stop);
          },
          controller.signal,
        ),
      );
      await expect(reading).rejects.toBe(stop);
      expect(chunks).toBe(1);
    }
    const sha256 = createHash('sha256').digest('hex');
    const outcome = await withLarge(Buffer.alloc(0), anchoring, (file) => read(file));
    expect(outcome).toEqual({ sha256, found: [] });
  });

  it('a large file that is read lets an interrupt through', async () => {
    // It takes months to read.
    project.write('large', '');
    truncateSync(project.at('large'), 2 ** 43);
    const child = spawn(
      process.execPath,
      [script, project.path, anchoring, ...(threads === 1 ? ['alone'] : [])],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
      child.kill('SIGINT');
    });
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(said).toBe('reading\n');
  });
});

describe('the second thread', () => {
  /** Writes the script of a thread that does this when it is asked for anything. */
  const threadThat = (does: string) => {
    const path = join(folder, 'thread.cjs');
    writeFileSync(
      path,
      `const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ id }) => { ${does} });`,
    );
    return path;
  };

  it.each([
    ['ends', 'process.exit(3)', 'with status 3'],
    ['throws', 'throw new Error("no more")', 'no more'],
    [
      'ends later',
      'parentPort.postMessage({ id, outcomes: [] }); if (id > 1) process.exit(4)',
      'with status 4',
    ],
    ['answers something else', 'parentPort.postMessage({ id, sha256: "" })', 'another answer'],
  ])(
    'a second thread that %s fails the run, with its reason, and no evidence is left',
    async (_, does, reason) => {
      for (let index = 0; index < 2500; index++) writeFileSync(project.at(`src/file-${index}`), `${index}`);
      const outcome = project.run('check', { helperScript: threadThat(does), anchoring: 'procfs' });
      await expect(outcome).rejects.toMatchObject({
        code: 'unsafe',
        message: expect.stringContaining(reason),
      });
      expect(project.has(HASHES)).toBe(false);
    },
  );

  it('a second thread is not missed where there can be none', async () => {
    project.write('large', '');
    truncateSync(project.at('large'), LARGE_BYTES);
    expect((await project.run()).status).toBe('PASS');
  });

  it('a second thread that ended answers nothing more', async () => {
    const helper = startHelper(threadThat('process.exit(3)'), []);
    await expect(helper.read([])).rejects.toMatchObject({ code: 'unsafe' });
    await expect(helper.read([])).rejects.toMatchObject({ code: 'unsafe' });
    await helper.end();
  });

  it.each(HOLDING)(
    'no second reader is started for a small tree or a large file, which has a thread that hashes it (%s)',
    async (anchoring) => {
      for (let index = 0; index < 400; index++) writeFileSync(project.at(`src/file-${index}`), `${index}`);
      const start = vi.fn(() => startHelper(script, DENIED));
      const files: number[] = [];
      const walk = async () => {
        const root = openAnchor(project.path, { anchoring, label: '.' });
        try {
          return await walkScope({
            root,
            exclude: () => false,
            deniedName: () => undefined,
            markers: markersOf(DENIED),
            startHelper: start,
            onBytes: () => undefined,
            onFiles: (count) => files.push(count),
            signal: NONE,
          });
        } finally {
          root.close();
        }
      };
      expect((await walk()).incomplete).toEqual([]);
      expect(start).not.toHaveBeenCalled();
      expect(files.reduce((sum, count) => sum + count)).toBe(404);
      const large = Buffer.alloc(LARGE_BYTES);
      const at = LARGE_BYTES / 2 - 3;
      large.write(MARKER, at);
      // The same, with holes for its zeros.
      project.write('large', '');
      truncateSync(project.at('large'), at);
      appendFileSync(project.at('large'), MARKER);
      truncateSync(project.at('large'), LARGE_BYTES);
      const scope = await walk();
      expect(start).not.toHaveBeenCalled();
      expect(scope).toMatchObject({ incomplete: [], deniedContents: [`large: holds ${FOUND[0]}`] });
      const sha256 = createHash('sha256').update(large).digest('hex');
      expect(scope.entries).toContainEqual({ path: 'large', sha256 });
    },
  );
});
