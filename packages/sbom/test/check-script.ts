// SPDX-License-Identifier: Apache-2.0
/** Checks documents that are small as text and large in memory, one named by its argument, and prints what it found. */
import { checkSbom } from '../src/check/index.js';

const MEGABYTES = 56;
const fill = (text: string) => text.repeat(Math.floor((MEGABYTES << 20) / text.length)).slice(0, -1);
const HEAD = '{"spdxVersion":"SPDX-2.3","packages":[';

const DOCUMENTS: Readonly<Record<string, () => string>> = {
  objects: () => `${HEAD}${fill('{},')}]}`,
  numbers: () => `${HEAD}${fill('1,')}]}`,
  'as many as are taken': () => `${HEAD}${'{},'.repeat(999_000).slice(0, -1)}]}`,
  'long objects': () => `${HEAD}${fill(`{"name":"${'x'.repeat(60)}"},`)}]}`,
  names: () => `{${Array.from({ length: 1_900_000 }, (_, index) => `"member-${index}":0`).join()}}`,
  deep: () => '['.repeat(MEGABYTES << 20),
  text: () => `{"name":"${'x'.repeat(MEGABYTES << 20)}"}`,
};

const make = DOCUMENTS[process.argv[2] ?? ''];
if (make === undefined) throw new TypeError('name one of the documents');
const { valid, findings } = checkSbom(Buffer.from(make()));
process.stdout.write(JSON.stringify({ valid, clause: findings[0]?.clause, message: findings[0]?.message }));
