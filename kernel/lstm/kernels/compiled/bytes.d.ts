// Files that esbuild puts into the bundle: WebAssembly as bytes, C++ as text.
declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
declare module '*.cc' {
  const text: string;
  export default text;
}
declare module '*.h' {
  const text: string;
  export default text;
}
