// SPDX-License-Identifier: Apache-2.0
import { chmodSync, writeFileSync } from 'node:fs';

/**
 * A program in the place of QEMU that speaks QMP on descriptor 3 as a well-behaved QEMU does, until `script` has it do
 * otherwise. The script is JavaScript; it can replace what is declared with `let`, and call the rest.
 */
const PEER = `
const fs = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
const serialPath = process.argv.find((word) => word.startsWith('file,id=serial0,path=')).slice(21);

/** Text or a message to the other side, at once. */
const say = (message) =>
  fs.writeSync(3, typeof message === 'string' ? message : JSON.stringify(message) + '\\r\\n');
const event = (name, data = {}) => say({ timestamp: { seconds: 1, microseconds: 0 }, event: name, data });
/** Text of the guest on COM1. */
const serial = (text) => fs.appendFileSync(serialPath, text);
const goodBoot = () => serial('GUEST_OK\\r\\nBUILD a1\\r\\n');
const refusal = (desc) => ({ error: { class: 'GenericError', desc } });

let greet = () => say({ QMP: { version: { qemu: { micro: 0, minor: 2, major: 7 }, package: '' }, capabilities: [] } });
let respond = say;
/** What the guest does once the machine runs. */
let guest = () => {
  goodBoot();
  process.exit(99);
};
const answers = {
  qmp_capabilities: () => ({ return: {} }),
  'query-version': () => ({ return: { qemu: { micro: 0, minor: 2, major: 7 }, package: ' Debian 7.2 ' } }),
  'qom-get': () => ({ return: 'pc-i440fx-7.2-machine' }),
  'query-kvm': () => ({ return: { enabled: false, present: false } }),
  cont: () => ({ return: {} }),
  stop: () => ({ return: {} }),
  screendump: ({ filename }) => {
    fs.writeFileSync(filename, '\\x89PNG', 'latin1');
    return { return: {} };
  },
  quit: () => ({ return: {} }),
};

async function serve() {
  await greet();
  const input = require('node:readline').createInterface({ input: new (require('node:net').Socket)({ fd: 3 }) });
  for await (const line of input) {
    const { execute, arguments: args, id } = JSON.parse(line);
    const answer = answers[execute](args);
    if (answer !== undefined) await respond({ ...answer, id });
    if (execute === 'cont') await guest();
    if (execute === 'quit' && answer !== undefined) process.exit(0);
  }
}
`;

/** Writes such a program to `path`. */
export function writeScriptedQemu(path: string, script = ''): string {
  writeFileSync(path, `#!${process.execPath}\n${PEER}\n${script}\nserve();\n`);
  chmodSync(path, 0o755);
  return path;
}
