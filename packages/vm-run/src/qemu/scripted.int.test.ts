// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { biosGuest } from '../../../../tools/testing/guest.js';
import { writeScriptedQemu } from '../../../../tools/testing/scripted-qemu.js';
import {
  assertBoot,
  type BootObservation,
  type BootRequest,
  observeBoot,
  seedExpectation,
} from '../index.js';
import { MAX_FILE_BYTES, MAX_LOG_BYTES, MAX_SERIAL_BYTES } from '../limits.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-scripted-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SEED = { sentinel: 'GUEST_OK', buildIdPrefix: 'BUILD ', buildId: 'a1', exitCode: 99 };
const EXPECTED = seedExpectation(SEED);
const out = (name = '') => join(folder, 'out', name);

/** Boots with a QEMU that does what the script says. */
function observe(script: string, changes: Partial<BootRequest> = {}): Promise<BootObservation> {
  const image = join(folder, 'image.raw');
  writeFileSync(image, biosGuest('HELLO'));
  return observeBoot({
    program: writeScriptedQemu(join(folder, 'qemu'), script),
    machine: 'pc-i440fx',
    firmware: { kind: 'seabios' },
    image: { path: image, format: 'raw' },
    attach: 'disk',
    memoryMib: 64,
    cpus: 1,
    outputDir: out(),
    timeoutMs: 45_000,
    ...changes,
  });
}

/** Expects that no process mentions the test's folder, and that nothing but logs is left in it. */
async function expectTidy(): Promise<void> {
  expect(readdirSync(out()).filter((name) => name.startsWith('.'))).toEqual([]);
  const strays = () =>
    readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
      } catch {
        return false; // gone in the meantime
      }
    });
  await vi.waitFor(() => expect(strays()).toEqual([]), { timeout: 5000 });
}

describe('a QEMU that keeps to the protocol', () => {
  it.each<[string, string]>([
    ['as usual', ''],
    ['with a late greeting', 'const early = greet; greet = async () => { await sleep(300); early(); };'],
    [
      'with its messages in pieces',
      "respond = async (m) => { for (const c of JSON.stringify(m)) { say(c); await null; } say('\\n'); };",
    ],
    [
      'with several messages in one piece',
      "let held = ''; respond = (m) => { held += JSON.stringify(m) + '\\r\\n'; if (m.id >= 4) { say(held); held = ''; } };",
    ],
    [
      'with events before and between its answers',
      "respond = (m) => { event('RTC_CHANGE', { offset: 0 }); say(m); event('RESUME'); }; const plain = greet; greet = () => { event('STOP'); plain(); };",
    ],
    [
      'with answers to questions that nobody asked',
      "respond = (m) => { say({ return: 'x', id: 77 }); say({ return: {} }); say(m); say('\\r\\n'); };",
    ],
    ['with its output closed', 'fs.closeSync(1); fs.closeSync(2);'],
  ])('a QEMU is observed %s', async (_, script) => {
    const observed = await observe(script);
    expect(() => assertBoot(observed, EXPECTED)).not.toThrow();
    expect(observed).toMatchObject({
      emulatorVersion: '7.2.0 (Debian 7.2)',
      qemu: { machine: 'pc-i440fx-7.2', accelerator: 'tcg' },
    });
    await expectTidy();
  });

  it('a QEMU says why its guest ended, even before it says what it is', async () => {
    const observed = await observe(`
      respond = (m) => { if (m.id === 1) event('SHUTDOWN', { guest: true, reason: 'guest-reset' }); say(m); };
      guest = () => {};`);
    expect(observed.end).toEqual({ kind: 'exit', code: 0, shutdown: 'guest-reset' });
    expect(observed.screenshotPath).toBe(out('screenshot.png'));
  });

  it('a QEMU is ended when its guest resets again and again', async () => {
    const observed = await observe(
      `
      guest = () => { for (let i = 0; i < 99; i++) event('RESET', { guest: true, reason: 'guest-reset' }); };`,
      {
        timeoutMs: 1000,
      },
    );
    expect(observed.end).toEqual({ kind: 'timeout', timeoutMs: 1000 });
    await expectTidy();
  });
});

describe('a QEMU that breaks the protocol', () => {
  it.each<[string, string, RegExp]>([
    ['greets with garbage', "greet = () => say('hello\\n');", /monitor does not speak QMP/],
    ['never ends its message', "greet = () => say('x'.repeat(1 << 21));", /monitor does not speak QMP/],
    ['hangs up', 'greet = () => { fs.closeSync(3); return sleep(60000); };', /monitor closed|broke off/],
    [
      'refuses a question',
      "answers['qom-get'] = () => refusal('no \\x1b[1m such thing');",
      /QEMU refuses: no \?\[1m such thing/,
    ],
    [
      'refuses without a word',
      "answers['query-kvm'] = () => ({ error: 3 });",
      /QEMU refuses: without a reason/,
    ],
    [
      'has no version',
      "answers['query-version'] = () => ({ return: { qemu: { major: 7 } } });",
      /which version and machine/,
    ],
    [
      'has a version of words',
      "answers['query-version'] = () => ({ return: 'seven' });",
      /which version and machine/,
    ],
    ['has no machine', "answers['qom-get'] = () => ({ return: null });", /which version and machine/],
  ])('a QEMU is refused when it %s', async (_, script, message) => {
    // Its guest would have been fine.
    const failed = observe(`guest = goodBoot; ${script}`);
    await expect(failed).rejects.toMatchObject({
      code: 'emulator-failed',
      kind: 'unfulfilled',
      message: expect.stringMatching(message),
      fix: expect.stringContaining('QEMU 7.0'),
    });
    expect(readdirSync(out()).sort()).toEqual(['qemu-argv.txt', 'qemu.log', 'serial.log']);
    await expectTidy();
  });

  it.each<[string, string, RegExp]>([
    ['never greets', 'greet = () => sleep(60000);', /did not end within 0\.4 s before its machine ran/],
    [
      'never answers',
      "answers['qom-get'] = () => undefined; guest = goodBoot;",
      /did not end within 0\.4 s before its machine ran/,
    ],
    [
      'ends before it greets',
      "console.error('no such device'); process.exit(1);",
      /exit code 1 before its machine ran; last lines: no such device/,
    ],
    [
      'dies before it greets',
      "process.kill(process.pid, 'SIGABRT');",
      /killed by SIGABRT before its machine ran/,
    ],
  ])('a QEMU is not waited for when it %s', async (name, script, message) => {
    const timeoutMs = name.startsWith('never') ? 400 : 45_000;
    await expect(observe(script, { timeoutMs })).rejects.toMatchObject({
      code: 'emulator-failed',
      message: expect.stringMatching(message),
    });
    await expectTidy();
  });
});

describe('a run that goes wrong', () => {
  it('a run is over when QEMU dies under its guest', async () => {
    const observed = await observe("guest = () => { goodBoot(); process.kill(process.pid, 'SIGSEGV'); };");
    expect(observed.end).toEqual({ kind: 'signal', signal: 'SIGSEGV' });
    expect(() => assertBoot(observed, EXPECTED)).toThrow(expect.objectContaining({ code: 'signal' }));
  });

  it.each<[string, string, number, string]>([
    ['COM1', 'serial', MAX_SERIAL_BYTES, 'serial.log'],
    ['stderr', '(text) => fs.writeSync(2, text)', MAX_LOG_BYTES, 'qemu.log'],
  ])('a run is a flood when it floods %s faster than anybody looks', async (_, write, limitBytes, log) => {
    const observed = await observe(`
      guest = () => {
        goodBoot();
        try {
          for (let i = 0; i < 64; i++) (${write})('x'.repeat(1 << 20));
        } finally {
          process.exit(99);
        }
      };`);
    expect(observed.end).toEqual({ kind: 'flood', limitBytes });
    expect(statSync(out(log)).size).toBe(limitBytes);
    expect(() => assertBoot(observed, EXPECTED)).toThrow(expect.objectContaining({ code: 'flood' }));
    await expectTidy();
  });

  it('a run cannot fill the disk', async () => {
    const failed = observe(`
      try {
        fs.writeFileSync('big', Buffer.alloc(${MAX_FILE_BYTES} + 1));
      } catch {}
      console.error(fs.statSync('big').size);
      process.exit(1);`);
    await expect(failed).rejects.toThrow(`last lines: ${MAX_FILE_BYTES}`);
  });

  it.each<[string, string]>([
    ['SIGTERM means nothing to it', "process.on('SIGTERM', () => {});"],
    [
      'it has started others',
      "require('node:child_process').spawn('/bin/sh', ['-c', \"trap '' TERM; sleep 60; : $0\", __filename]);",
    ],
  ])('a run leaves no process and no folder, though %s', async (_, script) => {
    const observed = await observe(`${script} guest = goodBoot;`, { timeoutMs: 1000 });
    expect(observed.end).toEqual({ kind: 'timeout', timeoutMs: 1000 });
    await expectTidy();
  });

  it.each<[string, string]>([
    ['refuses to draw', "answers.screendump = () => refusal('no screen');"],
    ['has drawn nothing', 'answers.screendump = () => ({ return: {} });'],
  ])('a run has no picture from a QEMU that %s', async (_, script) => {
    const observed = await observe(
      `${script} guest = () => event('SHUTDOWN', { guest: true, reason: 'guest-shutdown' });`,
    );
    expect(observed.screenshotPath).toBeUndefined();
    expect(observed.end).toEqual({ kind: 'exit', code: 0, shutdown: 'guest-shutdown' });
    await expectTidy();
  });

  it('a run is not held up by a QEMU that neither draws nor quits, and its kill is no good end', async () => {
    const observed = await observe(
      `answers.screendump = answers.quit = () => undefined; guest = () => event('SHUTDOWN');`,
      { timeoutMs: 1500 },
    );
    expect(observed.screenshotPath).toBeUndefined();
    expect(observed.end.kind).toMatch(/^(signal|timeout)$/);
    await expectTidy();
  });

  it('a run that changed its image is found out', async () => {
    const observed = await observe(`guest = () => {
      goodBoot();
      fs.appendFileSync('${folder}/image.raw', 'x');
      process.exit(99);
    };`);
    expect(() => assertBoot(observed, EXPECTED)).toThrow(expect.objectContaining({ code: 'image-changed' }));
  });

  it("a run says what of its image is the seed's own, found once, in the very bytes that it boots", async () => {
    const seen: string[] = [];
    const observed = await observe('', {
      findOwnParts(image, format) {
        seen.push(`${format} of ${image.size} bytes`);
        return { loader: true, kernel: false };
      },
    });
    expect(seen).toEqual([`disk of ${observed.imageBefore.size} bytes`]);
    expect(observed.own).toEqual({ loader: true, kernel: false });
    expect((await observe('')).own).toBeUndefined();
  });

  it('a run that changed its firmware is found out', async () => {
    const code = join(folder, 'bios.bin');
    writeFileSync(code, 'firmware');
    const observed = await observe(
      `guest = () => { goodBoot(); fs.writeFileSync('${code}', 'firmwarE'); process.exit(99); };`,
      { firmware: { kind: 'seabios', code } },
    );
    expect(observed.qemu?.firmware).toMatchObject({ kind: 'seabios', code: { path: code, size: 8 } });
    expect(() => assertBoot(observed, EXPECTED)).toThrow(
      expect.objectContaining({ code: 'firmware-changed' }),
    );
  });
});

describe('a run that waits for a line', () => {
  const until = (line: string) => line === 'BUILD a1';

  it('a run ends at the line that it waits for, with its picture, and no sooner', async () => {
    const observed = await observe(
      `guest = async () => {
        for (const text of ['GUEST_OK\\r\\n\\x1b]0;\\nBUILD a1\\n', '\\x07BUILD a', '1', '\\r', '\\n']) {
          serial(text);
          await sleep(120);
        }
      };`,
      { until },
    );
    expect(observed.end).toEqual({ kind: 'stopped', line: 'BUILD a1' });
    expect(observed.serialLines).toEqual(['GUEST_OK', 'BUILD a1']);
    expect(observed.screenshotPath).toBe(out('screenshot.png'));
    expect(() => assertBoot(observed, seedExpectation({ ...SEED, exitCode: 'stopped' }))).not.toThrow();
    expect(() => assertBoot(observed, EXPECTED)).toThrow(expect.objectContaining({ code: 'stopped' }));
    await expectTidy();
  });

  it('a run ends with its machine when the line never comes', async () => {
    const observed = await observe("guest = () => { serial('BUILD a1'); process.exit(99); };", { until });
    expect(observed.end).toEqual({ kind: 'exit', code: 99 });
  });

  it('a run passes on the error that the caller throws', async () => {
    const failed = observe('guest = goodBoot;', {
      until: () => {
        throw new RangeError('from the caller');
      },
    });
    await expect(failed).rejects.toThrow('from the caller');
    await expectTidy();
  });
});

describe('the UEFI firmware of a run', () => {
  it.each(['CODE.fd', 'VARS.fd'])(
    'the UEFI firmware is found changed when %s was written to',
    async (name) => {
      const [code, vars] = ['CODE.fd', 'VARS.fd'].map((file) => join(folder, file)) as [string, string];
      for (const path of [code, vars]) writeFileSync(path, 'firmware');
      const changed = join(folder, name);
      const observed = await observe(
        `answers['qom-get'] = () => ({ return: 'pc-q35-7.2-machine' });
      guest = () => { goodBoot(); fs.writeFileSync('${changed}', 'firmwarE'); process.exit(99); };`,
        {
          machine: 'q35',
          firmware: { kind: 'uefi', code, codeFormat: 'raw', vars, varsFormat: 'raw', requiresSmm: false },
        },
      );
      expect(() => assertBoot(observed, EXPECTED)).toThrow(
        expect.objectContaining({
          code: 'firmware-changed',
          message: expect.stringContaining(`${changed} changed during the run`),
        }),
      );
    },
  );
});
