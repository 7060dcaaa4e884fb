import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Block } from './pages.js';

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  types: ['node'],
  allowJs: true,
  checkJs: true,
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  // The script of a page is a line after the other, and nobody types its functions.
  noImplicitAny: false,
};

/** The lines that come before a block: what is there already in the place that it is for. */
function ahead({ note }: Block): string {
  if (note?.kind !== 'typed with') return 'export {};';
  const names = note.names.map((name) => `declare const ${name}: any;`);
  return `/// <reference types="mock-klarna/browser" />\nexport {}; ${names.join(' ')}`;
}

/**
 * Types blocks as files of a project that has the package installed.
 * @returns what is wrong, by block
 */
export function mistyped(blocks: readonly Block[], project: string): Map<Block, string[]> {
  const files = new Map(
    blocks.map((block, at) => {
      // The text before it must not be JavaScript.
      const file = join(project, `block-${at}.ts`);
      const before = ahead(block);
      writeFileSync(file, `${before}\n${block.text}`);
      return [file, { block, lines: before.split('\n').length }];
    }),
  );
  const program = ts.createProgram([...files.keys()], OPTIONS);
  const wrong = new Map<Block, string[]>();
  for (const { file, start = 0, messageText } of ts.getPreEmitDiagnostics(program)) {
    const known = file && files.get(file.fileName);
    if (!known) continue;
    const line = file.getLineAndCharacterOfPosition(start).line - known.lines + known.block.line + 1;
    const said = `line ${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    wrong.set(known.block, [...(wrong.get(known.block) ?? []), said]);
  }
  return wrong;
}
