// SPDX-License-Identifier: Apache-2.0
import { hasSubscribers } from 'node:diagnostics_channel';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fields, READINESS_CLAIMS } from '@latticra/evidence-format';
import { Failure, type FailureKind } from '@latticra/failure';
import { REMAINS_CHANNEL, writeFileAtomic } from '@latticra/held-files';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcome, testLane } from '../test/lane.js';
import { defineLane, EXIT_CODE, exitCodeOf, failureKindOf, reasonOf } from './index.js';
import { tellFailure } from './run.js';

const FLAGS = {
  image: { value: 'path', required: true, help: 'the image' },
  size: { value: 'integer', min: 1, max: 9, default: 4, help: 'how many' },
  mode: { value: 'choice', choices: ['fast', 'safe'], help: 'which way' },
} as const;
const report = testLane(FLAGS, async ({ flags, manifestPath }) => ({
  title: 'REPORT',
  fields: fields({ image: flags.image, size: flags.size, manifest_path: manifestPath, ...READINESS_CLAIMS }),
  sections: [{ name: 's', fields: [] }],
}));
const throwing = (error: unknown) =>
  testLane({}, async ({ print }) => {
    void print;
    throw error;
  });

describe('a machine that has no more to give', () => {
  const open = Object.assign(new Error('EMFILE: too many open files, open code.cjs'), {
    code: 'EMFILE',
    syscall: 'open',
  });
  const TOLD =
    'latticra-test: this machine has no more to give: too many open files (EMFILE); raise the limit of open files, which ulimit -n shows\n';

  it('a lack of the machine is told as that, with what to do and exit code 74, whatever was made of it on the way', async () => {
    expect(await outcome(throwing(open), [])).toEqual({ status: 74, stdout: '', stderr: TOLD });
    const blamed = new Failure('bad', 'data', 'a.iso: is no image', { cause: open, fix: 'name another' });
    expect(await outcome(throwing(blamed), [])).toEqual({ status: 74, stdout: '', stderr: TOLD });
    const held = new Failure('io', 'io', 'a.iso: too many open files (EMFILE)', { cause: open });
    expect(await outcome(throwing(held), [])).toEqual({
      status: 74,
      stdout: '',
      stderr:
        'latticra-test: a.iso: too many open files (EMFILE); raise the limit of open files, which ulimit -n shows\n',
    });
  });

  it('a lane with exit codes of its own decides them for that as well, and a lack of what tells the reason is told', () => {
    let said = '';
    const hear = (text: string) => {
      said += text;
    };
    const exits = { of: () => 2, help: '' };
    expect(tellFailure({ bin: 'latticra-test', exits }, undefined, open, hear)).toBe(2);
    expect(said).toBe(TOLD);
    said = '';
    const failing = {
      of: () => {
        throw open;
      },
      help: '',
    };
    expect(tellFailure({ bin: 'latticra-test', exits: failing }, undefined, new Error('any'), hear)).toBe(74);
    expect(said).toBe(TOLD.replace(' (EMFILE)', ''));
  });
});

describe('a lane that succeeds', () => {
  it('a lane prints its document', async () => {
    expect(await outcome(report, ['--image', 'a=b'])).toEqual({
      status: 0,
      stderr: '',
      stdout:
        'REPORT\nimage=a=b\nsize=4\nmanifest_path=installer/manifests/test.toml\nhardware_install_ready=0\n' +
        'full_os_install_ready=0\nbootable_os_ready=0\nproduction_os_claim=0\n\n[s]\n',
    });
  });

  it('a lane prints the same as JSON, in the same order', async () => {
    const { status, stdout } = await outcome(report, ['--image', 'a', '--json', '--manifest', 'm.toml']);
    expect(status).toBe(0);
    const { title, fields: found, sections } = JSON.parse(stdout);
    expect({ title, sections }).toEqual({ title: 'REPORT', sections: { s: {} } });
    expect(Object.entries(found).slice(0, 3)).toEqual([
      ['image', 'a'],
      ['size', '4'],
      ['manifest_path', 'm.toml'],
    ]);
  });

  it('a lane may answer with something that is no document', async () => {
    const lane = testLane({}, async () => ({ text: 'ok\n', json: '{}\n' }));
    expect(await outcome(lane, [])).toEqual({ status: 0, stdout: 'ok\n', stderr: '' });
    expect(await outcome(lane, ['--json'])).toEqual({ status: 0, stdout: '{}\n', stderr: '' });
  });

  it('a lane tells the person at the terminal what a program says, and nobody where none is', async () => {
    const lane = testLane({}, async ({ tell }) => {
      tell('touch it\r\nnow\u001b[2J\n');
      return { text: '', json: '' };
    });
    expect((await outcome(lane, [])).stderr).toBe('');
    expect((await outcome(lane, [], { stderrIsTerminal: () => true })).stderr).toBe(
      'touch it\r\nnow\\u001b[2J\n',
    );
  });

  it('a lane tells in one line what is to be done by hand, wherever stderr leads, and its answer stands', async () => {
    const lane = testLane({}, async ({ warn }) => {
      warn('cannot be removed\n: \u001b[2J');
      return { text: 'ok\n', json: '{}\n' };
    });
    expect(await outcome(lane, ['--quiet', '--json'])).toEqual({
      status: 0,
      stdout: '{}\n',
      stderr: `${lane.bin}: cannot be removed\\u000a: \\u001b[2J\n`,
    });
  });

  it('a lane tells once, in a line, what a killed process left half-written beside what it writes, and its answer stands', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latticra-lane-'));
    try {
      const left = join(folder, '.out.4194303-0123456789ab.staging');
      mkdirSync(left);
      writeFileSync(join(folder, `.out.${process.ppid}-0123456789ab.tmp`), '');
      const lane = testLane({}, async () => {
        await writeFileAtomic(join(folder, 'out'), 'once');
        await writeFileAtomic(join(folder, 'out'), 'again');
        return { text: 'ok\n', json: '{}\n' };
      });
      const told = await outcome(lane, ['--quiet']);
      expect(told).toEqual({
        status: 0,
        stdout: 'ok\n',
        stderr: `${lane.bin}: "${left}" is what process 4194303 had half-written when it was killed; remove it with rm -r, unless that process runs in another container or on another machine\n`,
      });
      expect(readdirSync(folder)).toContain(basename(left));
      expect(hasSubscribers(REMAINS_CHANNEL)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('a lane prints on the way, but not where JSON was asked for', async () => {
    const lane = testLane({}, async ({ print }) => {
      print('step 1');
      return { text: 'done\n', json: '{}\n' };
    });
    expect((await outcome(lane, [])).stdout).toBe('step 1\ndone\n');
    expect((await outcome(lane, ['--json'])).stdout).toBe('{}\n');
  });
});

describe('a lane without a fixture', () => {
  const lane = defineLane({
    bin: 'latticra-test',
    version: '1.2.3',
    summary: 'do what the test says',
    details: 'Exists for its tests.',
    examples: [''],
    flags: { name: { value: 'text', help: 'a name' } },
    run: async ({ flags, fixture, manifestPath }) => ({
      title: 'REPORT',
      fields: fields({ name: flags.name ?? 'none', fixture: typeof fixture, manifest_path: manifestPath }),
      sections: [],
    }),
  });

  it('a lane without a fixture has nothing to load', async () => {
    expect(await outcome(lane, ['--name', 'a'])).toEqual({
      status: 0,
      stdout: 'REPORT\nname=a\nfixture=undefined\nmanifest_path=\n',
      stderr: '',
    });
  });

  it('a lane without a fixture has no --manifest', async () => {
    expect((await outcome(lane, ['--help'])).stdout).not.toContain('manifest');
    expect(await outcome(lane, ['--manifest', 'a'])).toMatchObject({ status: 64, stdout: '' });
  });
});

describe('a lane with exit statuses of its own', () => {
  const lane = defineLane({
    bin: 'latticra-test',
    version: '1.2.3',
    summary: 'do what the test says',
    details: 'Exists for its tests.',
    examples: [''],
    exits: { of: (error) => (error instanceof Failure ? 2 : 3), help: 'Exit: 0 yes, 1 no, 2 unsafe.\n' },
    flags: { fail: { value: 'none', help: 'fail' } },
    run: async ({ flags }) => {
      if (flags.fail) throw new Failure('test', 'io', 'it failed');
      return { text: 'STATUS: FAIL\n', json: '{}\n', status: 1 };
    },
  });

  it('a lane prints an answer that is a no, and exits with its status', async () => {
    expect(await outcome(lane, [])).toEqual({ status: 1, stdout: 'STATUS: FAIL\n', stderr: '' });
    expect(await outcome(lane, ['--json'])).toEqual({ status: 1, stdout: '{}\n', stderr: '' });
  });

  it("a lane's own exit statuses are those of its failures, and --help explains them", async () => {
    expect(await outcome(lane, ['--fail'])).toMatchObject({ status: 2, stdout: '' });
    const { stdout } = await outcome(lane, ['--help']);
    expect(stdout).toContain('Exit: 0 yes, 1 no, 2 unsafe.\n');
    expect(stdout).not.toContain('65');
  });
});

describe('--help and --version', () => {
  it('--help and --version answer without the required flags, and without the fixture', async () => {
    for (const argv of [['--help'], ['-h'], ['--manifest', 'bad', '--help']]) {
      const { status, stdout, stderr } = await outcome(report, argv);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toContain('latticra-test: do what the test says\n');
    }
    for (const argv of [['--version'], ['--version', '--json']]) {
      expect(await outcome(report, argv)).toEqual({ status: 0, stdout: 'latticra-test 1.2.3\n', stderr: '' });
    }
  });

  it('--help and --version answer nothing beside nonsense', async () => {
    for (const argv of [
      ['--help', '--nonsense'],
      ['--nonsense', '-h'],
      ['--version', 'stray'],
      ['-h', '-h'],
    ]) {
      expect(await outcome(report, argv)).toMatchObject({ status: 64, stdout: '' });
    }
    expect(await outcome(report, ['--image', '--help'])).toMatchObject({
      stderr:
        'latticra-test: --image: expected a path, found "--help"; write --image=<value> if that is the value\n',
    });
  });

  it('--help says of every flag what it takes, and fits a terminal', async () => {
    const { stdout } = await outcome(report, ['--help']);
    for (const text of [
      'Usage: latticra-test --image <path> [flags]\n',
      /--image <path> +the image\n/,
      /--size <n> +how many \(default: 4\)\n/,
      /--mode fast\|safe +which way\n/,
      /--manifest <path> /,
      'installer/manifests/test.toml',
      /--json /,
      /--version /,
      'latticra-test --image disk.raw\n',
      '64',
      '74',
    ]) {
      expect(stdout).toMatch(text);
    }
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
    expect(stdout.endsWith('\n')).toBe(true);
  });
});

describe('a lane that fails', () => {
  const KINDS = Object.keys(EXIT_CODE).filter((kind): kind is FailureKind => kind !== 'ok');

  it('the exit codes are those of sysexits', () => {
    expect(EXIT_CODE).toEqual({
      ok: 0,
      usage: 64,
      data: 65,
      'input-missing': 66,
      'tool-missing': 69,
      unfulfilled: 70,
      'cannot-create': 73,
      io: 74,
    });
  });

  it.each(KINDS)('a lane that fails by %s says why in one line and nothing else', async (kind) => {
    const error = new Failure('some-code', kind, 'a.iso: went wrong', { fix: 'mend it' });
    expect(await outcome(throwing(error), [])).toEqual({
      status: EXIT_CODE[kind],
      stdout: '',
      stderr: 'latticra-test: a.iso: went wrong; mend it\n',
    });
  });

  it('an error that is no Failure is reported as a defect of ours', async () => {
    for (const error of [new RangeError('oops'), 'oops', undefined, null, { message: 'oops' }]) {
      const { status, stdout, stderr } = await outcome(throwing(error), []);
      expect({ status, stdout }).toEqual({ status: 70, stdout: '' });
      expect(stderr).toMatch(/^latticra-test: internal error: [^\n]+\n$/);
    }
  });

  it('a lane does no work for a stdout that takes no answer, and looks at its flags first', async () => {
    const closed = {
      assertStdout: () => {
        throw new Failure('stdout', 'io', 'stdout is closed');
      },
    };
    const lane = testLane({}, async () => expect.unreachable());
    expect(await outcome(lane, ['--manifest', 'bad'], closed)).toEqual({
      status: 74,
      stdout: '',
      stderr: 'latticra-test: stdout is closed\n',
    });
    expect(await outcome(lane, ['--nonsense'], closed)).toMatchObject({ status: 64, stdout: '' });
  });

  it('bad flags are refused before the fixture is read, and a bad fixture before any work', async () => {
    expect(await outcome(report, ['--manifest', 'bad', '--nonsense'])).toEqual({
      status: 64,
      stdout: '',
      stderr: 'latticra-test: unknown flag --nonsense; see --help\n',
    });
    const lane = testLane({}, async () => expect.unreachable());
    expect((await outcome(lane, ['--manifest', 'bad'])).stderr).toContain('bad fixture');
  });

  it('a document that cannot be written is printed neither as text nor as JSON', async () => {
    const lane = testLane({}, async () => ({
      title: 'T',
      fields: [{ key: 'bootable_os_ready', value: '1' }],
      sections: [],
    }));
    for (const argv of [[], ['--json']]) {
      expect(await outcome(lane, argv)).toMatchObject({ status: 65, stdout: '' });
    }
  });

  it('a lane ends with 74 when stdout does not take the answer', async () => {
    const full = new Failure('stdout', 'io', 'cannot write to stdout (ENOSPC)');
    const { status, stderr } = await outcome(report, ['--image', 'a'], {
      stdout: () => {
        throw full;
      },
    });
    expect({ status, stderr }).toEqual({
      status: 74,
      stderr: 'latticra-test: cannot write to stdout (ENOSPC)\n',
    });
  });
});

describe('a lane that is interrupted', () => {
  it('an interrupted lane says so in one word, whatever its work ends in', async () => {
    const controller = new AbortController();
    const lane = testLane({}, async ({ signal }) => {
      controller.abort();
      signal.throwIfAborted();
      return expect.unreachable();
    });
    expect(await outcome(lane, [], { signal: controller.signal })).toMatchObject({
      stdout: '',
      stderr: 'latticra-test: interrupted\n',
    });
  });

  it('an interrupted lane gives no answer, although its work came to an end', async () => {
    const controller = new AbortController();
    const lane = testLane({}, async () => {
      controller.abort();
      return { text: 'answer\n', json: '{}\n' };
    });
    expect(await outcome(lane, [], { signal: controller.signal })).toMatchObject({
      stdout: '',
      stderr: 'latticra-test: interrupted\n',
    });
  });
});

describe('the reason', () => {
  it('a reason stays one line that controls no terminal, whatever it holds', () => {
    const texts = fc.string({
      unit: fc.constantFrom(
        'a',
        ' ',
        '\n',
        '\r',
        '\t',
        '\0',
        '\u001b',
        '\u007f',
        '\u009b',
        '\u0085',
        '\u2028',
        '\u2029',
      ),
      maxLength: 20,
    });
    fc.assert(
      fc.property(texts, (text) => {
        for (const error of [new Failure('c', 'io', text, { fix: text }), new Error(text), text]) {
          expect(reasonOf(error)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a reason shows what it had to escape', () => {
    expect(reasonOf(new Failure('c', 'io', 'a\u001b[2Jb\u009bc\u007fd\u2028e'))).toBe(
      'a\\u001b[2Jb\\u009bc\\u007fd\\u2028e',
    );
    expect(reasonOf(new Failure('c', 'io', 'one\n  two\tthree'))).toBe('one | two\\u0009three');
  });

  it('a reason that would be a wall keeps its beginning and its end', () => {
    const reason = reasonOf(
      new Failure('c', 'io', `path ${'\0'.repeat(5000)}: expected text`, { fix: 'mend it' }),
    );
    expect(reason).toMatch(/^path \\u0000.* … .*: expected text; mend it$/);
    expect(reason.length).toBeLessThan(1300);
  });

  it('a failure has the kind that its exit status says, and what no lane ends with is unfulfilled', () => {
    for (const [kind, code] of Object.entries(EXIT_CODE)) {
      expect(failureKindOf(code)).toBe(kind === 'ok' ? 'unfulfilled' : kind);
    }
    expect([failureKindOf(1), failureKindOf(137)]).toEqual(['unfulfilled', 'unfulfilled']);
  });

  it('the reason of what is no Failure calls it an internal error', () => {
    expect(exitCodeOf(new Error())).toBe(70);
  });

  it('a Failure of a kind that another version of its package has ends as one that nobody knows', () => {
    const kind = 'constructor' as 'io';
    expect(exitCodeOf(new Failure('c', kind, 'from another version'))).toBe(70);
  });
});
