/**
 * Address of a worker's script beside the calling module, `.ts` when the caller runs from source
 * (tests, tsx) and `.js` when it was compiled: tsc rewrites import paths but not strings.
 *
 * @param callerUrl the caller's `import.meta.url`
 * @param path relative path without extension, e.g. `./onnxWorker`
 */
export function workerScript(callerUrl: string, path: string): URL {
  return new URL(`${path}${callerUrl.endsWith('.ts') ? '.ts' : '.js'}`, callerUrl);
}

/**
 * What a thread must load to run `script`. Node 20 cannot read TypeScript, and `--import tsx` has no effect
 * in a thread, so a `.ts` script goes through a file that turns tsx on; compiled code never needs it.
 */
export function threadEntry(script: URL): { readonly file: URL; readonly argv: string[] } {
  if (!script.pathname.endsWith('.ts')) return { file: script, argv: [] };
  return { file: new URL('./typescriptThread.mjs', import.meta.url), argv: [script.href] };
}
