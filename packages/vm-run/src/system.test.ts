// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINUX_ROWS, type LinuxRow } from '../../../tools/testing/linux-logs.js';
import {
  type BootFacts,
  bootVerdict,
  findExpectationProblem,
  findPhases,
  NOTHING_EXPECTED,
  readSerial,
  type SystemExpectation,
  systemExpectation,
} from './index.js';
import { createPhaseClock } from './qemu/clock.js';
import { untilShown } from './shown.js';

const factsOf = ({ log, end }: Pick<LinuxRow, 'log' | 'end'>): BootFacts => ({
  log: readSerial(Buffer.from(log)),
  end,
  firmware: 'seabios',
  files: [],
});
const row = (name: string) => LINUX_ROWS.find((each) => each.name === name) ?? expect.fail(`no row ${name}`);
const DEBIAN = row('Debian at its prompt');
const reasonOf = (log: string, expectation: Partial<SystemExpectation>, end: BootFacts['end']) => {
  const facts = { ...factsOf({ log, end: { kind: 'exit', code: 0 } }), end };
  const verdict = bootVerdict(facts, systemExpectation({ ...NOTHING_EXPECTED, ...expectation }));
  return verdict.outcome === 'failed' ? verdict.reason : expect.fail('booted');
};
/** Gives a log piece by piece, as a watch does, and returns where it stops. */
function stopOf({ log, expect: system }: LinuxRow, pieceBytes: number) {
  const bytes = Buffer.from(log);
  const until = untilShown(systemExpectation({ ...NOTHING_EXPECTED, ...system }));
  let seen = 0;
  for (let size = pieceBytes; size < bytes.length + pieceBytes; size += pieceBytes) {
    const shown = readSerial(bytes.subarray(0, size));
    const stop =
      shown.lines
        .slice(seen)
        .map(until.line)
        .find((line) => line !== undefined) ?? until.log(shown);
    if (stop !== undefined) return stop;
    seen = shown.lines.length;
  }
  return undefined;
}

describe('the verdict on a Linux system', () => {
  it.each(LINUX_ROWS)('the verdict on $name is the one that its row demands', (each) => {
    const system = { ...NOTHING_EXPECTED, ...each.expect };
    expect(findExpectationProblem(system)).toBeUndefined();
    const verdict = bootVerdict(factsOf(each), systemExpectation(system));
    expect(verdict.outcome === 'failed' ? verdict.code : verdict.outcome).toBe(each.verdict);
  });

  it('nothing that is added to an expectation makes a forbidden log a good one', () => {
    const bad = LINUX_ROWS.filter(({ verdict }) => verdict === 'forbidden-line');
    expect(bad.length).toBeGreaterThan(15);
    const more = fc.record({
      lines: fc.subarray(['ready', 'all is well']),
      forbid: fc.subarray(['x', 'y+']),
      forbidServices: fc.constant(true),
    });
    fc.assert(
      fc.property(fc.constantFrom(...bad), more, (each, added) => {
        const system = {
          ...NOTHING_EXPECTED,
          ...each.expect,
          ...added,
          forbid: [...(each.expect.forbid ?? []), ...added.forbid],
        };
        expect(bootVerdict(factsOf(each), systemExpectation(system))).toMatchObject({
          code: 'forbidden-line',
        });
      }),
    );
  });

  it('a time-out says what was seen last, or that there was nothing', () => {
    const late = { kind: 'timeout', timeoutMs: 60_000 } as const;
    const wanted = { prompt: 'login: ' };
    expect(reasonOf('\r\n \r\n', wanted, late)).toBe(
      'the machine did not end within 60 s, expected it to reach "login: "; the serial console was silent all the time ' +
        '(Linux writes to it with console=ttyS0 on its command line)',
    );
    expect(reasonOf('one\ntwo', wanted, late)).toMatch(/; last seen was "two"$/);
    expect(reasonOf('one\n\n', { contains: ['ready'] }, late)).toMatch(/reach "ready"; last seen was "one"$/);
  });

  it.each<[Partial<SystemExpectation>, RegExp]>([
    [{ prompt: 'login: ' }, /^no prompt "login: " at the end on the serial console$/],
    [{ contains: ['ready'] }, /^no line with "ready" on the serial console$/],
    [{ patterns: ['^re[a]dy'] }, /^no line like "\^re\[a\]dy" on the serial console$/],
    [{ buildId: 'a1' }, /^no line with "latticra\.build=a1" on the serial console$/],
  ])('the reason names what of %j is missing', (expectation, reason) => {
    const [stop = ''] = [
      expectation.prompt,
      expectation.contains?.[0],
      expectation.patterns?.[0],
      'latticra.build=a1',
    ].filter((each) => each !== undefined);
    expect(reasonOf('one\n', expectation, { kind: 'stopped', line: stop })).toMatch(reason);
  });
});

describe('an expectation of a system', () => {
  it.each<[keyof SystemExpectation, Partial<SystemExpectation>, RegExp]>([
    ['lines', { lines: [] }, /nothing is expected/],
    ['lines', { lines: [], exitCode: 33, forbid: ['x'] }, /nothing is expected/],
    ['lines', { lines: ['Kernel panic - not syncing'] }, /is expected and forbidden/],
    ['contains', { contains: ['[FAILED] it'], forbidServices: true }, /is expected and forbidden/],
    ['prompt', { prompt: '(initramfs) ' }, /is expected and forbidden/],
    ['prompt', { prompt: 'login: ', exitCode: 33 }, /expected no exit code/],
    ['prompt', { prompt: '' }, /expected some text/],
    ['prompt', { prompt: 'none' }, /stands for/],
    ['patterns', { patterns: ['(a)\\1'] }, /\\1, which is not taken/],
    ['patterns', { patterns: ['a*'] }, /matches a line of nothing/],
    ['forbid', { lines: ['x'], forbid: ['a|'] }, /matches a line of nothing/],
    ['contains', { contains: ['a\u001bb'] }, /without control/],
    ['contains', { contains: ['x'.repeat(1001)] }, /at most 1000/],
    ['lines', { lines: Array.from({ length: 65 }, String) }, /65 of them/],
    ['buildId', { buildId: 'a b' }, /letters, digits/],
    ['buildId', { buildId: 'none' }, /stands for/],
  ])('an expectation is refused for its %s: %j', (key, expectation, reason) => {
    expect(findExpectationProblem({ ...NOTHING_EXPECTED, ...expectation })).toEqual({
      key,
      reason: expect.stringMatching(reason),
    });
  });
});

describe('the end of a run', () => {
  it.each(LINUX_ROWS.filter(({ verdict }) => verdict === 'booted'))(
    'a run of $name ends where its row says, in pieces of any size',
    (each) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: each.log.length }), (bytes) => {
          expect(stopOf(each, bytes)).toBe(each.end.kind === 'stopped' ? each.end.line : undefined);
        }),
        { numRuns: 5 },
      );
    },
  );
});

describe('the parts of a boot', () => {
  it('the parts of a boot are known by their lines, each behind the one before', () => {
    const { lines } = readSerial(Buffer.from(DEBIAN.log));
    const { loader = -1, kernel = -1, init = -1, firmware } = findPhases(lines);
    expect(firmware).toBeUndefined();
    expect([lines[loader], lines[kernel], lines[init]]).toEqual([
      "Booting `Debian GNU/Linux'",
      expect.stringContaining('Linux version 6.1'),
      expect.stringContaining('Run /latticra/init as init process'),
    ]);
  });

  it.each([
    [
      ['BdsDxe: starting Boot0001', 'LATTICRA_LOADER uefi', 'LATTICRA_BOOT_SEED_OK'],
      { firmware: 0, loader: 1, kernel: 2 },
    ],
    // Those of an image of a Linux system, by our loaders, up to our helper.
    [
      [
        ...['LATTICRA_LOADER bios', 'LATTICRA_LOADER kernel and initramfs are in memory'],
        ...['[    0.000000] Linux version 6.1.0', '[    1.310002] Run /latticra/init as init process'],
      ],
      { loader: 0, kernel: 2, init: 3 },
    ],
    [
      [
        ...['BdsDxe: loading Boot0001 "x" from y', 'LATTICRA_LOADER uefi'],
        ...['EFI stub: UEFI Secure Boot is enabled.', '[    0.000000] Linux version 6.1.0'],
        '[    1.310002] Run /latticra/init as init process',
      ],
      { firmware: 0, loader: 1, kernel: 3, init: 4 },
    ],
    [['[    0.1] x', '[    0.100000] systemd[1]: hello'], { init: 1 }],
    [['Linux version 6.1', 'Welcome to GRUB!', 'BdsDxe: x'], { kernel: 0 }],
    [['nothing'], {}],
  ])('the parts of %j are %j', (lines, parts) => {
    expect(findPhases(lines)).toEqual(parts);
  });

  it('a part whose first byte is seen while the screen of an ended boot is drawn began no later than that end', () => {
    const clock = createPhaseClock();
    const early = 'Welcome to GRUB!\n';
    const late = `${early}[    0.000000] Linux version 6.1.0\n`;
    clock.see(readSerial(Buffer.from(early)), 40);
    clock.see(readSerial(Buffer.from(late)), 130);
    expect(clock.times(readSerial(Buffer.from(late)), 100)).toMatchObject({
      loader: 40,
      kernel: 100,
      end: 100,
    });
  });

  it('the clock gives each part the time at which its first byte was seen, in order, however the log grows', () => {
    const log = Buffer.from(DEBIAN.log);
    const found = findPhases(readSerial(log).lines);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(log.length), { minLength: 1, maxLength: 12 }), (cuts) => {
        const clock = createPhaseClock();
        const sizes = cuts.toSorted((a, b) => a - b);
        for (const size of sizes) clock.see(readSerial(log.subarray(0, size)), size);
        const times = clock.times(readSerial(log), 9999);
        const known = [times.loader, times.kernel, times.init, times.end];
        expect(known).toEqual(known.toSorted((a = 0, b = 0) => a - b));
        const starts = readSerial(log).lines[found.kernel ?? 0] ?? '';
        const first = log.indexOf(starts) + 1;
        expect(times.kernel).toBe(sizes.find((size) => size >= first) ?? 9999);
      }),
    );
    expect(createPhaseClock().times(readSerial(Buffer.from('x')), 5)).toEqual({
      firmware: undefined,
      loader: undefined,
      kernel: undefined,
      init: undefined,
      end: 5,
    });
  });
});
