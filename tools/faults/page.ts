// SPDX-License-Identifier: Apache-2.0
/** The tables of docs/reliability.md: written by the sweep, read by the test that holds them to what happens. */
import type { Effects } from './effects.js';
import { ANSWER_FAULTS, AT_ONCE, INPUT_FAULTS, WRITE_FAULTS } from './faults.js';
import { isTraced, nameOf, type Scene } from './scene.js';
import type { Cell, Trial } from './trial.js';

const BEGIN = '<!-- faults: written by pnpm faults -->';
const END = '<!-- faults: end -->';
const NONE = '–';

const WRITES = [...WRITE_FAULTS, AT_ONCE].map(({ name }) => name);
const READS = [...ANSWER_FAULTS, ...INPUT_FAULTS].map(({ name }) => name);
const EFFECTS = ['sockets', 'programs', 'files changed'];

interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  has(scene: Scene): boolean;
  cells(trial: Trial): readonly string[];
}

const cellsOf =
  (columns: readonly string[]) =>
  ({ cells }: Trial) =>
    columns.map((column) => formatCell(cells.get(column)));

const TABLES: readonly Table[] = [
  {
    title: 'While something is written',
    columns: WRITES,
    has: ({ leaves }) => leaves === 'files',
    cells: cellsOf(WRITES),
  },
  {
    title: 'The answer, and what is read',
    columns: READS,
    has: () => true,
    cells: cellsOf(READS),
  },
  {
    title: 'What commands that only print do besides',
    columns: EFFECTS,
    has: isTraced,
    cells: ({ effects }) => (effects === undefined ? [] : formatEffects(effects)),
  },
];

/** Formats the tables: rows of trials, and of scenes that were not tried now what the page says of them. */
export function formatTables(scenes: readonly Scene[], trials: readonly Trial[], page: string): string {
  const kept = page.slice(page.indexOf(BEGIN), page.indexOf(END)).split('\n### ');
  const rowOf = ({ title, cells }: Table, scene: Scene): readonly string[] => {
    const head = `| \`${nameOf(scene)}\` |`;
    const trial = trials.find((one) => one.scene === scene);
    if (trial !== undefined) return [`${head} ${cells(trial).join(' | ')} |`];
    const before = kept.find((part) => part.startsWith(title))?.split('\n');
    return before?.filter((line) => line.startsWith(head)) ?? [];
  };
  const formatTable = (table: Table) =>
    [
      `### ${table.title}`,
      '',
      `| command | ${table.columns.join(' | ')} |`,
      `| --- |${' --- |'.repeat(table.columns.length)}`,
      ...scenes.filter(table.has).flatMap((scene) => rowOf(table, scene)),
    ].join('\n');
  const machine = `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform} ${process.arch}.`;
  return [machine, ...TABLES.map(formatTable)].join('\n\n');
}

function formatCell(cell: Cell | undefined): string {
  if (cell === undefined || cell.places === 0) return NONE;
  const count =
    cell.places === 1 ? '' : ` (${cell.tried === cell.places ? '' : `${cell.tried} of `}${cell.places})`;
  return `${[...cell.outcomes].sort().join('; ')}${count}`;
}

/** Formats the effects of a command as the cells of its row. */
export const formatEffects = ({ sockets, programs, changes }: Effects): readonly string[] =>
  [sockets, programs, changes].map((list) => (list.length === 0 ? 'none' : list.join('; ')));

/** Puts the tables into the page. @throws Error for a page that has no place for them */
export function withTables(page: string, tables: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/reliability.md has no ${BEGIN} … ${END}`);
  return `${page.slice(0, from)}${BEGIN}\n\n${tables}\n\n${page.slice(to)}`;
}

/** The cells of the page, by row and column: the outcomes that it names. */
export type Tables = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** Reads the tables off the page. */
export function readTables(page: string): Tables {
  const rows = new Map<string, Map<string, readonly string[]>>();
  let columns: readonly string[] = [];
  for (const line of page.slice(page.indexOf(BEGIN), page.indexOf(END)).split('\n')) {
    if (!line.startsWith('| ')) continue;
    const [first = '', ...cells] = line.slice(2, -2).split(' | ');
    if (first === 'command') columns = cells;
    if (!first.startsWith('`')) continue;
    const row = rows.get(first.slice(1, -1)) ?? new Map<string, readonly string[]>();
    rows.set(first.slice(1, -1), row);
    for (const [index, cell] of cells.entries())
      row.set(columns[index] ?? '', cell.replace(/ \([\d of]+\)$/, '').split('; '));
  }
  return rows;
}
