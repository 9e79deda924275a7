// The test browser itself: starts, draws text, and has the fonts that screenshots rely on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchBrowser } from './browser.ts';

test('the test browser draws Latin, Hangul, code and mathematics in fonts of its own', async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent(`
      <p id="latin" style="font-family: sans-serif">forget gate</p>
      <p id="hangul" style="font-family: sans-serif">망각 게이트</p>
      <p id="code" style="font-family: monospace">const x = 1</p>
 <p id="heading" style="font: 600 12px 'No Such Font', sans-serif">Explorer</p>
      <i id="symbol" style="font-family: 'STIX Two Text'">f</i>`);
    const session = await page.context().newCDPSession(page);
    await session.send('DOM.enable');
    await session.send('CSS.enable');
    const { root } = await session.send('DOM.getDocument');
    const fontOf = async (id: string): Promise<string | undefined> => {
      const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector: `#${id}` });
      const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
      return fonts.sort((one, other) => other.glyphCount - one.glyphCount)[0]?.familyName;
    };
    assert.deepEqual(
      [
        await fontOf('latin'),
        await fontOf('heading'),
        await fontOf('hangul'),
        await fontOf('code'),
        await fontOf('symbol'),
      ],
      ['Open Sans', 'Open Sans', 'Pretendard', 'JetBrains Mono', 'STIX Two Text'],
    );
  } finally {
    await browser.close();
  }
});
