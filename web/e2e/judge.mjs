// The judge of accessibility, whose source a page has been given before.

/** Adds to `found` what axe calls serious of a page, and what is wider than its window. */
export async function judged(page, name, found) {
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  for (const { id, impact, nodes } of violations) {
    if (impact !== 'serious' && impact !== 'critical') continue;
    for (const node of nodes.slice(0, 3)) found.push(`${name}: ${impact} ${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? node.failureSummary ?? ''}`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) found.push(`${name}: ${wide} px wider than the window`);
}
