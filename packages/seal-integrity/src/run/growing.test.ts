// SPDX-License-Identifier: Apache-2.0
/** Tests in which somebody else writes to a file right behind the first read of it. */
import { appendFileSync, truncateSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { FILE_CHANGES, settle } from '../../../../tools/testing/file-changes.js';
import { ANCHORINGS, failuresOf, HASHES, LOCK, REPORT, testProject } from '../../test/project.js';

/** The work to do behind the first read of a file that was opened by a name; done once. */
const plan = vi.hoisted(() => ({ name: '', act: undefined as (() => void) | undefined }));

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const watched = new Set<number>();
  return {
    ...fs,
    openSync: (path: string | Buffer, ...rest: [number]) => {
      const fd = fs.openSync(path, ...rest);
      watched.delete(fd);
      if (plan.act !== undefined && `/${path}`.endsWith(`/${plan.name}`)) watched.add(fd);
      return fd;
    },
    readSync: (fd: number, ...rest: [Uint8Array, number, number, number]) => {
      const count = fs.readSync(fd, ...rest);
      const { act } = plan;
      if (watched.delete(fd) && act !== undefined) {
        plan.act = undefined;
        act();
      }
      return count;
    },
  };
});

describe.each(ANCHORINGS)('with folders held by way of %s', (anchoring) => {
  const project = testProject(anchoring);
  const disturb = (path: string, change: (path: string) => void) => {
    plan.name = path.slice(path.lastIndexOf('/') + 1);
    plan.act = () => change(project.at(path));
    settle();
  };

  describe.each(FILE_CHANGES)('a file that is %s while it is read', (what, change) => {
    /** The reason that is told. Another run may replace an artifact: what stands there then is read, and is none. */
    const reason =
      what === 'replaced'
        ? /: (the last line does not end in LF|line 1: )/
        : /: (changed while it was being read|ended after|has )/;

    it('a manifest that changes while it is read fails the check', async () => {
      disturb('latticra.seal', change);
      const outcome = await project.run();
      expect(failuresOf(outcome)).toEqual([
        expect.stringMatching(/^latticra\.seal: (changed while it was being read|ended after|has )/),
      ]);
      expect(project.has(HASHES)).toBe(false);
      expect(project.read(REPORT)).toContain('\nmanifest_sha256=none\n');
    });

    it('a lockfile that changes while it is read fails verify', async () => {
      await project.run('baseline');
      disturb(LOCK, change);
      const outcome = await project.run('verify');
      expect(failuresOf(outcome)).toEqual([expect.stringMatching(reason)]);
      expect(failuresOf(outcome)[0]).toMatch(/^latticra\.seal\.lock: /);
      expect(project.has(HASHES)).toBe(false);
    });

    it.each([
      ['report', REPORT],
      ['hashList', HASHES],
    ] as const)('a %s that changes while it is read is not printed', async (which, path) => {
      await project.run();
      disturb(path, change);
      await expect(project.readBack(which)).rejects.toThrow(reason);
    });

    it('a file of the scope that changes while it is read fails the check', async () => {
      disturb('src/main.c', change);
      const outcome = await project.run();
      expect(failuresOf(outcome)).toContainEqual(expect.stringMatching(/^src\/main\.c: /));
      expect(outcome.status).toBe('FAIL');
      expect(project.has(HASHES)).toBe(false);
    });
  });

  it.each([
    ['small', 1],
    ['large', 128 << 20],
  ])('the failure of a %s file that grows while it is read says what to do', async (_, size) => {
    project.write('src/main.c', '');
    truncateSync(project.at('src/main.c'), size);
    disturb('src/main.c', (path) => appendFileSync(path, 'x'));
    expect(failuresOf(await project.run())).toContainEqual(
      expect.stringMatching(/^src\/main\.c: [^;]+; let .* then run this again$/),
    );
  });
});
