// The one file that imports plotly.js, as small as it comes: core with scatter, bars and heatmaps.
// It is only ever imported dynamically, so that a page without a gesture never evaluates it.
import bar from 'plotly.js/lib/bar';
import Plotly from 'plotly.js/lib/core';
import heatmap from 'plotly.js/lib/heatmap';

Plotly.register([bar, heatmap]);

export default Plotly;
