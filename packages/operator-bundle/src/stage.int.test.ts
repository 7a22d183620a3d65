// SPDX-License-Identifier: Apache-2.0
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadArtifactManifest, validateArtifacts } from '@latticra/manifest';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';
import { BOOT_ISO, QCOW2_DISK } from '../../../tools/testing/images.js';
import { itWith } from '../../../tools/testing/tools.js';
import { requestOf, writeRelease } from '../test/release.js';
import { stageOperatorBundle } from './stage.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'operator-bundle-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const check = (folder: string): SpawnSyncReturns<string> =>
  spawnSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' });

/** Stages a bundle, moves it to another folder and removes its release; returns the new path. */
async function movedBundle(): Promise<string> {
  await writeRelease(join(cwd, 'release'), { isoName: "- it's, $a:b é.iso", apart: true, signed: true });
  await stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd });
  await rm(join(cwd, 'release'), { recursive: true });
  const moved = join(cwd, 'another machine');
  await rename(join(cwd, 'out'), moved);
  return moved;
}

describe('a bundle that was moved', () => {
  itWith(
    ['sha256sum'],
    'a moved bundle passes sha256sum -c --strict, as a whole and for each artifact',
    async () => {
      const moved = await movedBundle();
      const { status, stdout } = check(moved);
      expect(status).toBe(0);
      expect(stdout.trim().split('\n')).toHaveLength((await readdir(moved)).length - 1);
      for (const name of (await readdir(moved)).filter((file) => file.endsWith('.sha256'))) {
        expect(spawnSync('sha256sum', ['-c', '--strict', '--', name], { cwd: moved }).status).toBe(0);
      }
    },
  );

  itWith(['sha256sum'], 'a moved bundle is found ready by the validator', async () => {
    const moved = await movedBundle();
    const validation = await validateArtifacts(await loadArtifactManifest('manifest.txt', moved));
    expect(validation.missingForReview).toEqual([]);
    expect(validation.iso?.signatureStatus).toBe('present-unverified');
  });

  itWith(['sha256sum'], 'one flipped bit in any file of a moved bundle is found', async () => {
    const moved = await movedBundle();
    for (const name of await readdir(moved)) {
      const path = join(moved, name);
      const good = await readFile(path);
      for (const at of [0, good.length >> 1, good.length - 1]) {
        const bad = Buffer.from(good);
        bad.writeUInt8(good.readUInt8(at) ^ 1, at);
        await writeFile(path, bad);
        expect(check(moved).status, `${name} at ${at}`).not.toBe(0);
      }
      await writeFile(path, good);
    }
    expect(check(moved).status).toBe(0);
  });
});

describe('a run', () => {
  itWith(
    ['strace'],
    'a run opens each artifact once, reads it in one pass and looks into it through the same descriptor',
    async () => {
      const script = await bundleScript(new URL('../test/stage-script.ts', import.meta.url), cwd);
      await writeRelease(join(cwd, 'release'));
      for (const [name, size] of [
        ['os.iso', BOOT_ISO.length],
        ['os.qcow2', QCOW2_DISK.length],
      ] as const) {
        const artifact = join(cwd, 'release', name);
        // By the files that descriptors are of: the path that it is opened by is one below a folder that is held.
        const trace = ['-f', '-qq', '-y', '-e', 'trace=openat,read,pread64,readv,preadv'];
        const { stderr: all } = spawnSync('strace', [...trace, process.execPath, script], {
          cwd,
          encoding: 'utf8',
          maxBuffer: 1 << 28,
        });
        const stderr = wholeCalls(all)
          .filter((line) => line.includes(`<${artifact}>`))
          .join('\n');
        // By its name; the attempt to share its blocks names the descriptor that is open.
        const opened = stderr.split('\n').filter((line) => line.includes(`/${name}", O_RDONLY`));
        expect(opened).toHaveLength(1);
        const counts = [...stderr.matchAll(/(?:read|pread64)\b.*= (\d+)$/gm)].map(([, count]) =>
          Number(count),
        );
        const read = counts.reduce((sum, count) => sum + count, 0);
        expect(read).toBeGreaterThanOrEqual(size);
        // Looking into the smallest of images reads nearly all of it again; the pass takes it from its start to its end.
        const pass = [...stderr.matchAll(/pread64\(\d+<[^>]*>, .*, 131072, \d+\) += (\d+)$/gm)].map(
          ([, count]) => Number(count),
        );
        expect(pass.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(size);
        await rm(join(cwd, 'out'), { recursive: true });
      }
    },
  );
});

/** Joins what strace tells of a call in two lines, where another thread called meanwhile: both images are read at once. */
function wholeCalls(trace: string): string[] {
  const begun = new Map<string, string>();
  return trace.split('\n').flatMap((line) => {
    const [, thread = '', call = ''] = /^(?:\[pid +(\d+)\] )?(.*)$/.exec(line) ?? [];
    const [, start] = /^(.*)<unfinished \.\.\.>$/.exec(call) ?? [];
    if (start !== undefined) {
      begun.set(thread, start);
      return [];
    }
    const [, rest] = /^<\.\.\. \w+ resumed>(.*)$/.exec(call) ?? [];
    return [rest === undefined ? call : `${begun.get(thread) ?? ''}${rest}`];
  });
}

describe('a run that does not end well', () => {
  itWith(['strace'], 'a run leaves no bundle, or a whole one, wherever it is killed', async () => {
    const script = await bundleScript(new URL('../test/stage-script.ts', import.meta.url), cwd);
    await writeRelease(join(cwd, 'release'));
    // One thread of the pool: strace counts the calls of each thread by itself.
    const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
    const killedAt = (call: string, when: number) =>
      spawnSync(
        'strace',
        [
          '-f',
          '-qq',
          '-o',
          '/dev/null',
          '-e',
          `inject=${call}:signal=SIGKILL:when=${when}`,
          process.execPath,
          script,
        ],
        { cwd, env },
      ).status !== 0;
    for (const call of ['rename', 'fsync', 'pwrite64']) {
      let when = 1;
      for (; killedAt(call, when); when += 4) {
        const bundle = await readdir(join(cwd, 'out')).catch(() => undefined);
        if (bundle === undefined) continue;
        expect(check(join(cwd, 'out')).status, `${call} ${when}`).toBe(0);
        await rm(join(cwd, 'out'), { recursive: true });
      }
      expect(when, call).toBeGreaterThan(8);
      await rm(join(cwd, 'out'), { recursive: true });
    }
  });

  itWith(['strace'], 'a run on a full disk says so and leaves nothing', async () => {
    const script = await bundleScript(new URL('../test/stage-script.ts', import.meta.url), cwd);
    await writeRelease(join(cwd, 'release'));
    const { status, stderr } = spawnSync(
      'strace',
      ['-f', '-qq', '-o', '/dev/null', '-e', 'inject=fsync:error=ENOSPC:when=5+', process.execPath, script],
      { cwd, encoding: 'utf8' },
    );
    expect(status).toBe(1);
    expect(stderr).toContain('no space left on the device (ENOSPC)');
    expect((await readdir(cwd)).sort()).toEqual(['release', 'script.mjs']);
  });
});
