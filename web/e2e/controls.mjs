// The names of what is pressed, in one place: as people and screen readers have them.

const bar = (page) => page.getByRole('region', { name: 'Player' });

export const player = {
  play: (page) => bar(page).getByRole('button', { name: 'Play', exact: true }),
  pause: (page) => bar(page).getByRole('button', { name: 'Pause', exact: true }),
  next: (page) => bar(page).getByRole('button', { name: 'Next song' }),
  seek: (page) => bar(page).getByRole('slider', { name: 'Position' }),
  title: (page, title) => bar(page).getByRole('link', { name: title, exact: true }),
  queue: (page) => bar(page).getByRole('button', { name: 'Queue', exact: true }),
  tier: (page) => bar(page).getByRole('button', { name: /^How this page plays/ }),
  offline: (page) => bar(page).getByRole('button', { name: 'Connecting again' }),
  enhance: (page) => bar(page).getByRole('button', { name: 'Enhance', exact: true }),
};

/** The row of a song in the list of the screen. */
export const songRow = (page, title) => page.getByRole('main').getByRole('row').filter({ has: page.getByText(title, { exact: true }) }).first();

/** Comes in by the door of the page. */
export async function logIn(page, { name, password }) {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('navigation').first().waitFor();
}

/** Asks the server as the page does. */
export async function apiGet(page, path) {
  return await page.evaluate(async (asked) => (await fetch(new URL(`api/v1/${asked}`, document.baseURI))).json(), path);
}

/** The id of an album by its title, as the server has it. */
export async function albumId(page, title) {
  const { items } = await apiGet(page, 'albums?limit=100');
  return items.find((album) => album.title === title).id;
}

export async function openAlbum(page, title) {
  await page.evaluate((id) => (location.hash = `#/albums/${id}`), await albumId(page, title));
  await page.getByRole('heading', { name: title }).first().waitFor();
}

/** Presses the button of a song's row, which is there once the pointer comes over it. */
export async function pressSong(page, title) {
  const row = songRow(page, title);
  await row.hover();
  await row.getByRole('button', { name: `Play ${title}`, exact: true }).click();
}

export async function seekTo(page, seconds) {
  await player.seek(page).fill(String(seconds));
}

/** Goes to a screen as a link does. */
export const goTo = (page, hash) => page.evaluate((to) => (location.hash = to), hash);

/** Waits until something is heard, whatever it is, for so many seconds. */
export const untilSound = (page, seconds = 1) =>
  page.waitForFunction(
    (least) => window.e2eHeard.runs.filter((run) => run.kind !== 'silence').reduce((sum, run) => sum + run.count, 0) > least,
    seconds * 48_000,
    { polling: 100 },
  );

/** Waits until every track is analysed, which a fresh server does in the background. */
export async function analysed(page) {
  const { items } = await apiGet(page, 'tracks?limit=100');
  for (const track of items) {
    const isThere = () => page.context().request.get(new URL(`api/v1/tracks/${track.id}/waveform`, page.url()).href);
    for (let tries = 0; !(await isThere()).ok(); tries += 1) {
      if (tries > 300) throw new Error(`${track.title} is not analysed`);
      await page.waitForTimeout(200);
    }
  }
}
