// Stands in for plotly.ts where pages share their scripts (the site): Plotly is a file of its own beside the
// script of the figures, fetched when a figure first wants it. A classic script, as file: pages load no modules.
import type { Plotly } from './plotly-mounts.ts';

const plotly = new Promise<Plotly>((resolve, reject) => {
  const figures = document.querySelector<HTMLScriptElement>('script[src$="figures.js"]');
  const script = document.createElement('script');
  script.src = (figures?.src ?? '').replace(/figures\.js$/, 'plotly.js');
  script.onload = () => resolve(Reflect.get(globalThis, 'gatebookPlotly') as Plotly);
  script.onerror = () => reject(new Error(`${script.src} could not be loaded`));
  document.head.append(script);
});

export default plotly;
