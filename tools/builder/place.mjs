// SPDX-License-Identifier: Apache-2.0
import { fork, spawn } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, rmSync } from 'node:fs';

/**
 * Opens a place where one job after the other is done: by a worker, a process that stays, with all that it has loaded and learned, or by a
 * script that ends.
 * @param log a free name for the file that holds the output of the job that is being done; it is gone at once. (Out of a pipe something might come after the answer.)
 * @param options.worker script of Node that gets messages, and answers each with whether it held; it ends when it is disconnected
 * @returns `ask` and `run`, which do a job and return whether it held (`hasHeld`) and its `output`, and `close`
 */
export function openPlace(log, { cwd, worker, env }) {
  let child;
  const fd = openSync(log, 'a+');
  // It lives as long as it is open: whoever is interrupted leaves nothing.
  rmSync(log);

  const start = (program) => program({ cwd, env: { ...process.env, ...env } }, ['ignore', fd, fd]);
  const readLog = () => {
    const bytes = Buffer.alloc(fstatSync(fd).size);
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0));
  };
  /** Waits for what a job's process says first: an answer, or that it ended. */
  const endOf = (process, isAnswered) =>
    new Promise((resolve) => {
      const end = (hasHeld, why = '') => {
        process.removeAllListeners();
        resolve({ hasHeld, output: readLog() + why });
      };
      if (isAnswered) process.on('message', (hasHeld) => end(hasHeld === true));
      process.on('error', (error) => end(false, `${error.message}\n`));
      process.on('exit', (code, signal) => {
        end(!isAnswered && code === 0, code === 0 && !isAnswered ? '' : `ended with ${signal ?? code}\n`);
      });
    });

  return {
    ask(message) {
      ftruncateSync(fd);
      if (!child?.connected)
        child = start((options, stdio) => fork(worker, { ...options, stdio: [...stdio, 'ipc'] }));
      const end = endOf(child, true);
      // Where it cannot be sent, the worker has ended, which is heard as well.
      child.send(message, () => {});
      return end;
    },
    run(script) {
      ftruncateSync(fd);
      return endOf(
        start((options, stdio) => spawn(process.execPath, script, { ...options, stdio })),
        false,
      );
    },
    close() {
      if (child?.connected) child.disconnect();
      closeSync(fd);
    },
  };
}
