// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';

/** Where programs of root are, too. */
export const ROOT_PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** Runs a program to its end, which has to be a good one, and returns what it printed. */
export function run(program: string, ...argv: string[]): string {
  return execFileSync(program, argv, { env: { PATH: ROOT_PATH, LC_ALL: 'C' }, encoding: 'utf8' }).trim();
}

/** Whether loop devices can be had here: by root, and outside of most containers. */
export function haveLoopDevices(): boolean {
  return process.getuid?.() === 0 && spawnSync('losetup', ['-f'], { env: { PATH: ROOT_PATH } }).status === 0;
}

/** What a test has to undo, the last first. */
export class Undo {
  readonly #steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  all(): void {
    for (const step of this.#steps.splice(0).reverse()) step();
  }

  /** Attaches a file, or a device, as a disk that can have partitions, and returns its node. */
  attach(file: string, ...options: string[]): string {
    const node = run('losetup', '-f', '--show', '-P', ...options, file);
    this.add(() => spawnSync('losetup', ['-d', node], { env: { PATH: ROOT_PATH } }));
    return node;
  }

  mount(node: string, folder: string): void {
    run('mount', node, folder);
    this.add(() => spawnSync('umount', [folder], { env: { PATH: ROOT_PATH } }));
  }
}
