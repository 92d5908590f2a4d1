// What is not ours and lives outside of the repository: the driver of the browser and the judge of accessibility.

import { createRequire } from 'node:module';

const folder = process.env.TRIAD_BROWSER;
if (!folder) throw new Error('TRIAD_BROWSER says where playwright-core and axe-core are; scripts/browser.sh sets it');
const fetched = createRequire(`${folder}/package.json`);

export const { chromium } = fetched('playwright-core');
export const axe = fetched('axe-core').source;
