// Plotly as a script that pages share: see plotly-script.ts.
import Plotly from './plotly.ts';

Reflect.set(globalThis, 'gatebookPlotly', Plotly);
