// SPDX-License-Identifier: Apache-2.0
import { isPlainText } from '@latticra/evidence-format';
import type { Measurement } from '@latticra/held-files';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BOOT_ROWS,
  type BootRow,
  BUILD_ID,
  BUILD_ID_PREFIX,
  EXIT_CODE,
  SENTINEL,
} from '../../../tools/testing/boot-logs.js';
import { booted, measured, qemu, uefi } from '../test/observation.js';
import {
  assertBoot,
  type BootExpectation,
  type BootFacts,
  type BootObservation,
  bootVerdict,
  observedFacts,
  type QemuFacts,
  readSerial,
  seedExpectation,
  smokeReport,
  VmRunError,
} from './index.js';

const SEED = { sentinel: SENTINEL, buildIdPrefix: BUILD_ID_PREFIX, buildId: BUILD_ID, exitCode: EXIT_CODE };
const REFUSAL = { kind: 'refusal', neverStarted: ['LATTICRA_'] } as const;
const BIOS = { kind: 'seabios', code: measured('/fw/bios.bin', 'c') } as const;
const choice = { image: { path: 'seed.iso', format: 'iso' }, outputDir: 'out' } as const;
const seaBios = (code?: Measurement) => ({ kind: 'seabios', ...(code && { code }) }) as const;

/** Returns what watching the boot of a row gives. */
function observationOf({ log, end, firmware, changed }: BootRow): BootObservation {
  const { lines, rest } = readSerial(Buffer.from(log));
  const before = firmware === 'uefi' ? uefi : BIOS;
  const after = { ...before, code: measured(before.code.path, changed === 'firmware' ? 'd' : 'c') };
  return {
    ...booted,
    end,
    serialLines: lines,
    serialRest: rest,
    imageAfter: measured('/images/seed.iso', changed === 'image' ? 'd' : 'a'),
    qemu: { ...qemu, firmware: before, firmwareAfter: after },
  };
}

/** Returns the code of what `work` throws, or `otherwise` when it throws nothing. */
function codeOf(work: () => unknown, otherwise: string): string {
  try {
    work();
    return otherwise;
  } catch (error) {
    if (error instanceof VmRunError && error.kind === 'unfulfilled') return error.code;
    throw error;
  }
}

describe.each(BOOT_ROWS)('$name', (row) => {
  const observation = observationOf(row);
  const expectation = row.expect === 'boot' ? seedExpectation(SEED) : REFUSAL;

  it('the boot has its verdict', () => {
    const verdict = bootVerdict(observedFacts(observation), expectation);
    expect(verdict.outcome === 'failed' ? verdict.code : verdict.outcome).toBe(row.verdict);
  });

  it('a boot that failed is refused under the code of the verdict', () => {
    expect(codeOf(() => assertBoot(observation, expectation), row.verdict)).toBe(row.verdict);
  });

  it('the boot has its smoke report, or none', () => {
    expect(codeOf(() => smokeReport(choice, observation, SEED), 'report')).toBe(row.smoke);
  });
});

const facts = (log: string, changes: Partial<BootFacts> = {}): BootFacts => ({
  log: readSerial(Buffer.from(log)),
  end: { kind: 'exit', code: 7 },
  firmware: 'seabios',
  files: [],
  ...changes,
});
/** Some operating system. */
const SYSTEM: BootExpectation = {
  kind: 'boot',
  lines: ['kiosk: ready'],
  reserved: [],
  forbidden: ['Kernel panic', 'Oops'],
  end: { kind: 'exit', code: 7 },
};

describe('the verdict on a foreign system', () => {
  it('the verdict wants every line, whatever is around them', () => {
    expect(bootVerdict(facts('Linux version 6\nkiosk: ready\nbye\n'), SYSTEM)).toEqual({ outcome: 'booted' });
    expect(bootVerdict(facts('kiosk: ready\nkiosk: ready\n'), SYSTEM)).toMatchObject({ code: 'replayed' });
    const alone = { ...SYSTEM, reserved: ['login: '] };
    expect(bootVerdict(facts('kiosk: ready\nlogin: '), alone)).toMatchObject({
      code: 'replayed',
      reason: 'expected no line "login: "…, the log has "login: "',
    });
  });

  it.each(['[ 1.5] Kernel panic - not syncing: VFS\nkiosk: ready\n', 'kiosk: ready\n[ 9.1] Kernel panic'])(
    'the verdict has no mercy for a forbidden line in %j',
    (log) => {
      const verdict = bootVerdict(facts(log, { end: { kind: 'timeout', timeoutMs: 1 } }), SYSTEM);
      expect(verdict).toMatchObject({
        code: 'forbidden-line',
        reason: expect.stringContaining('Kernel panic'),
      });
    },
  );

  it('the verdict does not take for known what nobody wrote down', () => {
    const silent = facts('kiosk: ready\n', { end: undefined });
    expect(bootVerdict(silent, SYSTEM)).toMatchObject({ code: 'end-unknown' });
    expect(bootVerdict(silent, { kind: 'refusal', neverStarted: [] })).toMatchObject({ code: 'end-unknown' });
    expect(bootVerdict(silent, { ...SYSTEM, end: undefined })).toEqual({ outcome: 'booted' });
    const gone = [{ what: 'image', before: 'a', after: undefined }] as const;
    expect(bootVerdict(facts('kiosk: ready\n', { files: gone }), SYSTEM)).toMatchObject({
      code: 'image-changed',
    });
  });

  it('the reason repeats only so much of what a guest wrote, and no controls', () => {
    const line = `Oops \u001b\u009b\u2028${'x'.repeat(1000)}`;
    const verdict = bootVerdict({ ...facts(''), log: { lines: [line], rest: '' } }, SYSTEM);
    const reason = verdict.outcome === 'failed' ? verdict.reason : expect.fail('booted');
    expect(isPlainText(reason)).toBe(true);
    expect(reason).toMatch(
      /^the serial console has "Oops \\u001b\\u009b\\u2028x{192}…", which is forbidden$/,
    );
  });

  it('the verdict is the same for lines in any order, and never throws', () => {
    const line = fc.constantFrom('kiosk: ready', 'Oops', 'x', '');
    const end = fc.constantFrom<BootFacts['end']>(undefined, SYSTEM.end && { kind: 'exit', code: 7 });
    fc.assert(
      fc.property(fc.array(line), end, (lines, how) => {
        const verdict = (all: readonly string[]) =>
          bootVerdict(facts(all.map((each) => `${each}\n`).join(''), { end: how }), SYSTEM);
        expect(verdict(lines.toReversed())).toEqual(verdict(lines));
      }),
    );
  });
});

describe('assertBoot', () => {
  const expected = { sentinel: 'SEED_OK', buildIdPrefix: 'ID ', buildId: 'one', exitCode: 33 };

  it.each<[string, Partial<QemuFacts>]>([
    ['/fw/CODE.fd', { firmwareAfter: { ...uefi, code: measured('/fw/CODE.fd', 'd') } }],
    ['/fw/VARS.fd', { firmwareAfter: { ...uefi, vars: measured('/fw/VARS.fd', 'd') } }],
    [
      '/fw/bios.bin',
      {
        firmware: seaBios(measured('/fw/bios.bin', 'c')),
        firmwareAfter: seaBios(measured('/fw/bios.bin', 'd')),
      },
    ],
  ])('the reason says which firmware changed: %s', (path, changes) => {
    const boot = { ...booted, qemu: { ...qemu, ...changes } };
    expect(() => assertBoot(boot, seedExpectation(expected))).toThrow(
      expect.objectContaining({
        code: 'firmware-changed',
        message: expect.stringContaining(`${path} changed during the run`),
      }),
    );
  });

  it('the verdict has nothing against a SeaBIOS that nobody named, nor against a run without firmware', () => {
    for (const own of [{ ...qemu, firmware: seaBios(), firmwareAfter: seaBios() }, undefined]) {
      expect(() => assertBoot({ ...booted, qemu: own }, seedExpectation(expected))).not.toThrow();
    }
  });

  it('a run without firmware does not count as refused', () => {
    const end = { kind: 'stopped', line: 'x' } as const;
    expect(() => assertBoot({ ...booted, end, qemu: undefined }, REFUSAL)).toThrow(
      /was stopped at the line x, expected UEFI firmware to refuse/,
    );
  });

  it('a machine without isa-debug-exit has to be stopped at its build id, and nowhere else', () => {
    const stopped = (line: string): BootObservation => ({ ...booted, end: { kind: 'stopped', line } });
    const waiting = seedExpectation({ ...expected, exitCode: 'stopped' });
    expect(() => assertBoot(stopped('ID one'), waiting)).not.toThrow();
    expect(() => assertBoot(stopped('SEED_OK'), waiting)).toThrow(
      /at the line SEED_OK, expected it to reach "ID one"/,
    );
    expect(() => assertBoot(booted, waiting)).toThrow(expect.objectContaining({ code: 'exit-code' }));
    const silent = { ...stopped('ID one'), serialLines: ['ID one'] };
    expect(() => assertBoot(silent, waiting)).toThrow(expect.objectContaining({ code: 'missing-line' }));
  });

  it.each<[RegExp, Partial<BootObservation>]>([
    [
      /exit code 0 \(guest-reset\), expected exit code 33/,
      { end: { kind: 'exit', code: 0, shutdown: 'guest-reset' } },
    ],
    [
      /did not end within 1\.5 s, expected exit code 33; last seen was "SEED_OK"; last lines: SEED_OK$/,
      { end: { kind: 'timeout', timeoutMs: 1500 }, serialLines: ['SEED_OK'] },
    ],
    [/: expected the line "ID one", the log has "ID two"/, { serialLines: ['SEED_OK', 'ID one', 'ID two'] }],
    [
      /: 2 lines "SEED_OK" on the serial console, expected one/,
      { serialLines: ['SEED_OK', 'SEED_OK', 'ID one'] },
    ],
    [/: no line "ID one" on the serial console/, { serialLines: ['SEED_OK'] }],
  ])('the reason says what there was instead: %s', (message, changes) => {
    expect(() => assertBoot({ ...booted, ...changes }, seedExpectation(expected))).toThrow(message);
  });

  it('the reason shows the end of the log on one line, without controls', () => {
    const boot = { ...booted, serialLines: ['one', '', 'two\u0007\u009b', 'three', 'x'.repeat(500)] };
    const message = /last lines: two\?\? \/ three \/ x{200}$/;
    expect(() => assertBoot(boot, seedExpectation(expected))).toThrow(message);
  });
});

describe('the reason of a boot that failed', () => {
  it.each([
    [`"${SENTINEL}"`, [SENTINEL, SENTINEL, BUILD_ID_PREFIX + BUILD_ID]],
    [`"${BUILD_ID_PREFIX}${BUILD_ID}"`, [SENTINEL, BUILD_ID_PREFIX + BUILD_ID, BUILD_ID_PREFIX + BUILD_ID]],
  ])('the reason names the line %s that was repeated, and the log to look into', (line, serialLines) => {
    expect(() => assertBoot({ ...booted, serialLines }, seedExpectation(SEED))).toThrow(
      expect.objectContaining({
        code: 'replayed',
        message: expect.stringContaining(`2 lines ${line}`),
        fix: 'look into /out/serial.log',
      }),
    );
  });
});
