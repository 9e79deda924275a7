// Style sheets come in as text (esbuild's `text` loader) and go into one <style> of the page.
declare module '*.css' {
  const text: string;
  export default text;
}
