// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { readDescriptors } from '../../../packages/toolchain/src/firmware/descriptor.js';
import { seedExpectation } from '../../../packages/vm-run/src/expectation.js';
import { linePattern } from '../../../packages/vm-run/src/line-pattern.js';
import { describeEnd, parseEnd } from '../../../packages/vm-run/src/observation.js';
import { createMonitor } from '../../../packages/vm-run/src/qemu/monitor.js';
import { isRefusalLine } from '../../../packages/vm-run/src/refusal.js';
import { readSerial, serialLines } from '../../../packages/vm-run/src/serial.js';
import { bootVerdict } from '../../../packages/vm-run/src/verdict.js';
import { type FuzzTarget, hold } from '../engine/target.js';
import { ownFolder } from '../own-folder.js';
import { bytesOf } from './bytes.js';

const DESCRIPTOR = {
  'interface-types': ['uefi'],
  mapping: {
    device: 'flash',
    executable: { filename: '/c', format: 'raw' },
    'nvram-template': { filename: '/v', format: 'raw' },
  },
  targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
  features: ['verbose-static'],
};

/** The folder that descriptors are read from. */
const descriptorFolder = ownFolder('fuzz-firmware-');

const line = (message: object) => `${JSON.stringify(message)}\r\n`;
const SESSION =
  line({ QMP: { version: { qemu: { micro: 0, minor: 2, major: 7 }, package: '' }, capabilities: [] } }) +
  line({ return: {}, id: 1 }) +
  line({ event: 'SHUTDOWN', data: { guest: true, reason: 'guest-shutdown' } }) +
  line({ error: { class: 'GenericError', desc: 'no' }, id: 2 });

/** Readers of what QEMU and its firmware say. */
export const machineTargets: readonly FuzzTarget[] = [
  {
    name: 'linePattern',
    seeds: () => ['login: $', '^a(b|c)*\\d{2,3}[^x-z]+?', '\\[ +\\d+\\.\\d+\\] .*panic'].map(bytesOf),
    words: ['{1,255}', '(?:', '(a|b)*', '[^', '\\w', '\\1', '(?=', '^*', '|'],
    run({ text }) {
      const finds = linePattern(text);
      // Decided in time that is bounded by the lengths of both, whatever the line.
      for (const line of [text, 'a'.repeat(2000), '']) finds(line);
    },
  },
  {
    name: 'qmp',
    seeds: () => [bytesOf(SESSION)],
    words: [
      '"event":"SHUTDOWN"',
      '"id":1',
      '"id":2',
      '"return":null',
      '"error":null',
      '"data":[]',
      '"reason":{}',
      'null',
      '\n',
      '{"toString":1}',
    ],
    async run({ bytes }) {
      const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
      const monitor = createMonitor(socket);
      const reasons: string[] = [];
      monitor.onShutdown((reason) => reasons.push(reason));
      const answers = [monitor.execute('a'), monitor.execute('b', { c: 1 })];
      const settled = Promise.allSettled(answers);
      socket.push(bytes);
      socket.push(null);
      // A monitor that is gone answers everything.
      socket.once('end', () => socket.destroy());
      for (const answer of await settled) {
        if (answer.status === 'rejected') throwUnlessMonitor(answer.reason);
      }
      hold(
        reasons.every((reason) => typeof reason === 'string'),
        'a reason is no text',
      );
    },
  },
  {
    name: 'firmwareDescriptor',
    seeds: () => [bytesOf(JSON.stringify(DESCRIPTOR))],
    words: [
      'null',
      '[]',
      '{}',
      '"mode":"stateless"',
      '"__proto__":',
      '"device":"memory"',
      '\\ud800',
      '1e999',
    ],
    run({ bytes }) {
      const path = descriptorFolder();
      writeFileSync(join(path, '50-a.json'), bytes);
      readDescriptors([path]);
    },
  },
  {
    name: 'serialLog',
    seeds: () => [
      bytesOf('SeaBIOS\r\n\x1b[2J\x1b[1;1HBOOT_OK\r\nBUILD a1\r\n'),
      bytesOf('\x1b]0;t\x07a\n\x9b1mb\r\r\n\x90q\x9cc'),
    ],
    words: [
      '\x1b[',
      '\x1b]',
      '\x1bP',
      '\x1b\\',
      '\x9b',
      '\x9c',
      '\x18',
      '\x07',
      '\n',
      '\r',
      'BdsDxe: failed to load Boot0001 "UEFI" from PciRoot(0x0): Access Denied',
    ],
    run({ bytes }) {
      const log = readSerial(bytes);
      for (const shown of serialLines(bytes)) isRefusalLine(shown);
      const expectation = seedExpectation({
        sentinel: 'BOOT_OK',
        buildIdPrefix: 'BUILD ',
        buildId: 'a1',
        exitCode: 33,
      });
      const files = [{ what: 'image', before: 'a', after: 'a' }] as const;
      bootVerdict({ log, end: { kind: 'exit', code: 33 }, firmware: 'seabios', files }, expectation);
    },
  },
  {
    name: 'bootEnd',
    seeds: () =>
      [
        'ended with exit code 33 (guest-reset)',
        'was killed by SIGKILL',
        'was stopped at the line OK',
        'did not end within 1.5 s',
        'wrote more than 5 bytes to a log',
      ].map(bytesOf),
    words: ['Infinity', '1e999', '-0', '0x1'],
    run({ text }) {
      const end = parseEnd(text);
      hold(end === undefined || describeEnd(end) === text, 'an end that was read is described otherwise');
    },
  },
];

function throwUnlessMonitor(error: unknown): void {
  hold(error instanceof Error && error.name === 'VmRunError', `the monitor answers with ${String(error)}`);
}
