// SPDX-License-Identifier: Apache-2.0
import { lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { release, type } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from '@latticra/evidence-format';
import { describe, expect, it } from 'vitest';
import { ANCHORINGS, atFirstBytes, HASHES, REPORT, testProject, unsafe } from '../../test/project.js';
import { expectTarget, itWithUnexpectedFiles, layTarget } from '../../test/unexpected-files.js';
import { seal } from './seal.js';

describe.each(ANCHORINGS)('with folders held by way of %s', (anchoring) => {
  const project = testProject(anchoring);

  describe('the report', () => {
    itWithUnexpectedFiles(
      'the report is refused where %s has its name, and no evidence is left beside it',
      async (put) => {
        mkdirSync(project.at('reports'), { mode: 0o755 });
        await put(project.at(REPORT), layTarget(project.target));
        await expect(project.run()).rejects.toThrow(
          unsafe(/^reports\/latticra-seal-cli-report\.txt: is no regular file/),
        );
        expect(project.has(HASHES)).toBe(false);
        expectTarget(project.target);
      },
    );

    it('the report is refused where something takes its name during the run, and the evidence is taken back', async () => {
      await expect(
        project.run(
          'check',
          atFirstBytes(() => mkdirSync(project.at(REPORT))),
        ),
      ).rejects.toThrow(unsafe(/^reports\/latticra-seal-cli-report\.txt: is a folder/));
      expect(project.list('reports')).toEqual(['latticra-seal-cli-report.txt']);
    });

    it('the findings have as values what the report says', async () => {
      await project.run('baseline');
      project.write('README.md', 'other');
      const { status, findings, document } = await project.run('verify');
      expect(status).toBe('FAIL');
      expect(findings.changes?.modified).toEqual(['README.md']);
      expect(findings.results).toContainEqual(['unchanged', 'fail']);
      const value = (key: string) => document.fields.find((field) => field.key === key)?.value;
      expect(String(findings.hashedFiles)).toBe(value('hashes_checked'));
      expect(findings.timestamp).toBe(value('timestamp_utc'));
      expect(findings.failures.length).toBeGreaterThan(0);
    });

    it('time, kernel, system and signal are those of the process where none were given', async () => {
      const before = Date.now() - 1000;
      const { status, findings } = await seal({ command: 'check', root: project.path, anchoring });
      expect(status).toBe('PASS');
      expect(Date.parse(findings.timestamp)).toBeGreaterThanOrEqual(before - (before % 1000));
      expect(findings.kernel).toBe(`${type()} ${release()}`);
      expect(findings.os).toBe(`${process.platform}-${process.arch}`);
      expect(findings.anchoring).toBe(anchoring);
    });

    it('the report says what was checked, when, where and how, what passed, failed and changed, and what was not used', async () => {
      await project.run('baseline');
      project.write('src/new.c', 'x');
      project.write('README.md', 'other');
      rmSync(project.at('src/main.c'));
      const { document } = await project.run('verify');
      expect(parseDocument(project.read(REPORT))).toEqual(document);
      expect(document.title).toBe('LATTICRA SEAL REPORT');
      expect(document.fields.map(({ key, value }) => `${key}=${value}`)).toEqual([
        'timestamp_utc=2026-01-02T03:04:05Z',
        'mode=verification',
        `prefix=${project.path.replace(/\/$/, '')}`,
        'kernel=Linux 6.1.0',
        'os=linux-x64',
        'network_authority=0',
        'runtime_enforcement_authority=0',
        'root_authority=0',
        'manifest_present=1',
        'lock_present=1',
        'hashes_checked=4',
        'hashes_changed=3',
        'warnings=0',
        'failures=1',
        'status=FAIL',
      ]);
      const section = (name: string) =>
        document.sections
          .find((candidate) => candidate.name === name)
          ?.fields.map(({ key, value }) => `${key}=${value}`);
      expect(section('changes')).toEqual([
        'added_000001=src/new.c',
        'modified_000001=README.md',
        'removed_000001=src/main.c',
      ]);
      expect(section('failures')).toEqual([
        expect.stringMatching(
          /^failure_000001=latticra\.seal\.lock: 3 files are not what it says; .* latticra-seal baseline$/,
        ),
      ]);
      expect(section('checks')).toContain('unchanged=fail');
      expect(section('authority_not_used')).toContain('network=not-used');
    });

    it('the report has its blocks in one order, and one line a check', async () => {
      const { document } = await project.run();
      expect(document.sections.map(({ name }) => name)).toEqual([
        ...['checks', 'failures', 'warnings', 'changes', 'digests', 'authority_not_used', 'modes', 'run'],
      ]);
      const [checks] = document.sections;
      expect(checks?.fields.length).toBeGreaterThan(10);
      for (const { value } of checks?.fields ?? []) expect(value).toMatch(/^(pass|fail|skipped)$/);
    });

    it('the lines for people say the same as the report, the status last', async () => {
      await project.run('baseline');
      project.write('src/new.c', 'x');
      project.write('README.md', 'other');
      rmSync(project.at('src/main.c'));
      project.write('big', Buffer.alloc((25 << 20) + 1));
      const { lines } = await project.run('verify');
      expect(lines.filter((line) => !line.startsWith('PASS: '))).toEqual([
        'ADDED: big',
        'ADDED: src/new.c',
        'MODIFIED: README.md',
        'REMOVED: src/main.c',
        'WARN: big: is larger than 25 MiB',
        expect.stringMatching(
          /^FAIL: latticra\.seal\.lock: 4 files are not what it says; .* latticra-seal baseline$/,
        ),
        'STATUS: FAIL',
      ]);
      expect((await project.run()).lines.at(-1)).toBe('STATUS: PASS');
    });

    it('the report calls no file removed that may only have been unreadable', async () => {
      project.write('src/other.c', 'x');
      await project.run('baseline');
      rmSync(project.at('src'), { recursive: true });
      symlinkSync('..', project.at('src'));
      const { lines } = await project.run('verify');
      expect(lines.filter((line) => /^[A-Z]+ED: /.test(line))).toEqual([]);
      expect(lines).toContainEqual(expect.stringMatching(/^FAIL: src: /));
      expect(lines.at(-1)).toBe('STATUS: FAIL');
      project.write('README.md', 'other');
      expect((await project.run('verify')).lines).toContain('MODIFIED: README.md');
    });

    it('the report is all that an inspection changes, with the hash list', async () => {
      const look = () =>
        ['', 'src']
          .flatMap((folder) => project.list(folder).map((name) => join(folder, name)))
          .filter((name) => name !== 'reports')
          .map((name) => {
            const { ino, size, mode, mtimeMs, ctimeMs } = lstatSync(project.at(name));
            return [name, ino, size, mode, mtimeMs, ctimeMs];
          });
      const before = look();
      for (const command of ['check', 'verify'] as const) await project.run(command);
      expect(look()).toEqual(before);
      expect(project.list('reports')).toEqual(['latticra-seal-cli-report.txt']);
      expect(project.read(REPORT)).toContain('\nruntime_enforcement_authority=0\n');
    });
  });
});
