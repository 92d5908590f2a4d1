// What every part of the suite begins and ends with.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { openPage, startBrowser } from './browser.mjs';
import { startFront } from './front.mjs';
import { startProxy } from './proxy.mjs';
import { ADMIN, startServer } from './server.mjs';

/**
 * A server, what stands before it, and a browser for all tests of a file; `open` gives a page, which may say nothing bad
 * until the end. Nothing stands before the server where a page needs no tap of it, or is to be `direct`: what is timed.
 */
export function suite(wanted = {}) {
  const its = { proxies: [] };
  before(async () => {
    its.server = await startServer(wanted);
    its.front = await startFront(its.server.port);
    its.browser = await startBrowser();
  }, { timeout: 90_000 });
  after(async () => {
    await its.browser?.close();
    await Promise.all(its.proxies.map((proxy) => proxy.stop()));
    await its.front?.stop();
    await its.server?.stop();
  }, { timeout: 30_000 });
  its.open = async (asked = {}) => {
    // Pages of a folder are given by what stands before the server.
    const mayPass = !process.env.TRIAD_PAGES;
    const direct = asked.direct === true && mayPass;
    const passes = (asked.tap === false || asked.direct === true) && mayPass;
    const url = asked.url ?? (passes ? its.server.url : its.front.url);
    const page = await openPage(its.browser, url, { user: ADMIN, ...asked, direct });
    if (asked.user !== null) await page.getByRole('region', { name: 'Player' }).waitFor();
    return page;
  };
  its.proxy = async () => {
    const proxy = await startProxy(its.front.port);
    its.proxies.push(proxy);
    return proxy;
  };
  /** Ends a page: whatever it complained of is a finding. */
  its.close = async (page) => {
    await page.context().close();
    assert.deepEqual(page.complaints, []);
  };
  return its;
}
