// SPDX-License-Identifier: Apache-2.0
export { formatCommand, type Operand, parseCommand } from './command.js';
export { ShellWordError, type ShellWordErrorCode } from './error.js';
export { quote, quoteWord } from './quote.js';
