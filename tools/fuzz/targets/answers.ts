// SPDX-License-Identifier: Apache-2.0
/** A machine as the answers that it gave to what was asked, in a text that can be mutated. */

type View = object;

const BETWEEN = '\x1e';
const BEHIND = '\x1f';
const LISTED = '\x1d';

/** Returns a view that passes on what another one sees, and all of its answers so far. */
export function recordingView<T extends View>(view: T): { readonly view: T; readonly answers: () => string } {
  const seen = new Map<string, string>();
  const recording = Object.fromEntries(
    Object.entries(view).map(([name, look]: [string, (what: unknown) => Promise<unknown>]) => [
      name,
      async (what: unknown) => {
        const answer = await look(what);
        const words = Array.isArray(answer) ? LISTED + answer.join(LISTED) : answer;
        if (typeof words === 'string') seen.set(`${name} ${String(what)}`, words);
        return answer;
      },
    ]),
  ) as T;
  return { view: recording, answers: () => [...seen].map((pair) => pair.join(BEHIND)).join(BETWEEN) };
}

/** Returns a view that gives the answers in a text, and no others. */
export function answeringView(text: string): unknown {
  const answers = new Map(
    text.split(BETWEEN).map((pair) => {
      const at = pair.indexOf(BEHIND);
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    }),
  );
  const isList = (name: string) => name === 'names';
  const look = (name: string) => async (what: unknown) => {
    const answer = answers.get(`${name} ${String(what)}`);
    if (isList(name)) return answer?.split(LISTED).slice(1);
    return answer;
  };
  return Object.fromEntries(
    ['text', 'names', 'follow', 'link', 'deviceNumber', 'diskutil', 'nodeIdentity'].map((name) => [
      name,
      look(name),
    ]),
  );
}
