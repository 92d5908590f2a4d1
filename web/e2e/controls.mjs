// The names of what is pressed, in one place: as people and screen readers have them.

const bar = (page) => page.getByRole('region', { name: 'Player' });

export const player = {
  play: (page) => bar(page).getByRole('button', { name: 'Play', exact: true }),
  pause: (page) => bar(page).getByRole('button', { name: 'Pause', exact: true }),
  next: (page) => bar(page).getByRole('button', { name: 'Next song' }),
  seek: (page) => bar(page).getByRole('slider', { name: 'Position' }),
  title: (page, title) => bar(page).getByRole('link', { name: title, exact: true }),
  queue: (page) => bar(page).getByRole('button', { name: 'Queue', exact: true }),
  enhance: (page) => bar(page).getByRole('button', { name: 'Enhance', exact: true }),
};

export const playSong = (page, title) => page.getByRole('row').getByRole('button', { name: `Play ${title}`, exact: true });

/** The id of an album by its title, as the server has it. */
export async function albumId(page, title) {
  const answer = await page.context().request.get(new URL('api/v1/albums?limit=100', page.url()).href);
  const { items } = await answer.json();
  return items.find((album) => album.title === title).id;
}

export async function openAlbum(page, title) {
  await page.evaluate((id) => (location.hash = `#/albums/${id}`), await albumId(page, title));
  await page.getByRole('heading', { name: title }).first().waitFor();
}

/** Presses the button of a song's row, as a pointer does that comes over it. */
export async function pressSong(page, title) {
  await playSong(page, title).click({ force: true });
}

export async function seekTo(page, seconds) {
  await player.seek(page).fill(String(seconds));
}
