// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { namedByPlace } from './alike.js';

it('modules that differ in the names of what they import alone are the same when that is named by its place', () => {
  const module = (a: string, b: string) =>
    `import {\n  x\n} from "./${a}.js";\nimport "./${b}.js";\nconst load = () => import("./${a}.js");\nconst text = "./${a}.js";\n`;
  const [one, other] = [
    namedByPlace(module('chunk-AAAA', 'unit-b')),
    namedByPlace(module('chunk-BBBB', 'unit-c')),
  ];
  const [head = '', tail] = one.code.split('const text');
  expect(other.code.split('const text')[0]).toBe(head);
  expect(head).toBe(module('0_________', '1_____').split('const text')[0]);
  expect(tail).toBe(' = "./chunk-AAAA.js";\n');
  expect(['./0_________.js', './1_____.js', './unit-z.js'].map(other.realName)).toEqual([
    './chunk-BBBB.js',
    './unit-c.js',
    './unit-z.js',
  ]);
});

it('a name too short for its place stays', () => {
  const names = Array.from({ length: 11 }, (_, at) => String.fromCharCode(97 + at));
  const { code, realName } = namedByPlace(names.map((name) => `import "./${name}.js";\n`).join(''));
  expect(code).toMatch(/"\.\/9\.js";\nimport "\.\/k\.js";\n$/);
  expect([realName('./9.js'), realName('./k.js')]).toEqual(['./j.js', './k.js']);
});
