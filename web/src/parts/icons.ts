// The pictures of controls: paths in a field of 24 by 24, drawn as lines unless they are solid.

interface Drawing {
  path: string;
  solid?: boolean;
}

const line = (path: string): Drawing => ({ path });
const solid = (path: string): Drawing => ({ path, solid: true });

const HEART = 'M12 20s-7.5-4.6-7.5-10A4.3 4.3 0 0 1 12 7.3 4.3 4.3 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z';
const STAR = 'm12 4 2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.7-5 2.7 1.1-5.5L4 9.7 9.6 9z';

export const icons = {
  home: line('M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z'),
  album: line('M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 6.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z'),
  artist: line('M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20c.6-3.6 3.6-5.5 7.5-5.5s6.9 1.9 7.5 5.5'),
  song: line('M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zm10-2a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z'),
  genre: line('M4 5v6.5L12.5 20l7.5-7.5L11.5 4H5a1 1 0 0 0-1 1zm4.5 3.5v.01'),
  playlist: line('M4 6h12M4 11h12M4 16h7M19 13v6M16 16h6'),
  smart: line('M12 4l1.7 5.3L19 11l-5.3 1.7L12 18l-1.7-5.3L5 11l5.3-1.7zM19 4v3M17.5 5.5h3M5.5 17v3M4 18.5h3'),
  heart: line(HEART),
  heartFull: solid(HEART),
  star: line(STAR),
  starFull: solid(STAR),
  bookmark: line('M7 4.5h10V20l-5-4-5 4z'),
  clock: line('M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2'),
  folder: line('M3.5 7a1.5 1.5 0 0 1 1.5-1.5h4l2 2.5h8a1.5 1.5 0 0 1 1.5 1.5V17a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 17z'),
  search: line('M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20'),
  sun: line('M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4'),
  moon: line('M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z'),
  screen: line('M4 5h16v11H4zM9 20h6M12 16v4'),
  play: solid('M7 4.8v14.4a.8.8 0 0 0 1.2.7l11.6-7.2a.8.8 0 0 0 0-1.4L8.2 4.1a.8.8 0 0 0-1.2.7z'),
  pause: solid('M7 5h3.2v14H7zM13.8 5H17v14h-3.2z'),
  next: solid('M5.5 5.5v13l9.5-6.5zM16 5.5h2.5v13H16z'),
  previous: solid('M18.5 5.5v13L9 12zM5.5 5.5H8v13H5.5z'),
  shuffle: line('M3.5 7h3.2c4.8 0 5.3 10 10.3 10H20M3.5 17h3.2c1.5 0 2.6-1 3.4-2.4M13.6 9.4C14.5 8 15.5 7 17 7h3M17.5 4.5 20 7l-2.5 2.5M17.5 14.5 20 17l-2.5 2.5'),
  repeat: line('M4.5 11V9.5a3 3 0 0 1 3-3H19M16.5 4 19 6.5 16.5 9M19.5 13v1.5a3 3 0 0 1-3 3H5M7.5 20 5 17.5 7.5 15'),
  repeatOne: line('M4.5 11V9.5a3 3 0 0 1 3-3H19M16.5 4 19 6.5 16.5 9M19.5 13v1.5a3 3 0 0 1-3 3H5M7.5 20 5 17.5 7.5 15M11 10.5l1.3-.8v4.6'),
  volume: line('M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11'),
  volumeLow: line('M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6'),
  mute: line('M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5'),
  queue: line('M4 6h16M4 11h16M4 16h8M16 14.5v5l4-2.5z'),
  more: solid('M5.5 10.3a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4zm6.5 0a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4zm6.5 0a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4z'),
  plus: line('M12 5v14M5 12h14'),
  check: line('m5 12.5 4.5 4.5L19 7.5'),
  close: line('m6 6 12 12M18 6 6 18'),
  up: line('m6 14.5 6-6 6 6'),
  down: line('m6 9.5 6 6 6-6'),
  left: line('m14.5 6-6 6 6 6'),
  right: line('m9.5 6 6 6-6 6'),
  trash: line('M5 7h14M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 10.5v5.5M14 10.5v5.5'),
  edit: line('M5 19l.8-3.8L16 5l3 3L8.8 18.2zM13.5 7.5l3 3'),
  download: line('M12 4v10.5M7.5 10.5 12 15l4.5-4.5M5 19h14'),
  upload: line('M12 15.5V5M7.5 9 12 4.5 16.5 9M5 19h14'),
  grip: solid('M8 6h2.5v2.5H8zm5.5 0H16v2.5h-2.5zM8 10.8h2.5v2.5H8zm5.5 0H16v2.5h-2.5zM8 15.5h2.5V18H8zm5.5 0H16V18h-2.5z'),
  undo: line('M8.5 5 4.5 9l4 4M4.5 9H14a5 5 0 0 1 0 10h-3.5'),
  enhance: line('M5 19 15 9M13 5.5V3M18.5 11H21M17 7l2-2M9.5 5.5l-.01-.01M18.5 15.5l-.01-.01'),
  wave: line('M4 10.5v3M8 7v10M12 4v16M16 7.5v9M20 10.5v3'),
  server: line('M4 5h16v6H4zM4 13h16v6H4zM7.5 8h.01M7.5 16h.01M11 8h5.5M11 16h5.5'),
  info: line('M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.7v.01'),
  warning: line('M12 4.5 3.5 19h17zM12 10v4.5M12 16.8v.01'),
  copy: line('M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9'),
  keyboard: line('M3 6.5h18v11H3zM6.5 10h.01M10 10h.01M14 10h.01M17.5 10h.01M7.5 14h9'),
  lyrics: line('M5 5h14v10.5h-7L8 19v-3.5H5zM8.5 9h7M8.5 12h4.5'),
  sort: line('M7.5 5v14M4.5 16l3 3 3-3M16.5 19V5M13.5 8l3-3 3 3'),
  refresh: line('M19 12a7 7 0 1 1-2-5M19 4v4h-4'),
  logout: line('M14 4.5H5v15h9M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5'),
  expand: line('M14 4.5h5.5V10M10 19.5H4.5V14M19.5 4.5 13.5 10.5M4.5 19.5l6-6'),
  tag: line('M4 5v6.5L12.5 20l7.5-7.5L11.5 4H5a1 1 0 0 0-1 1zm4.5 3.5v.01'),
  library: line('M5 4.5v15M9.5 4.5v15M14 5l4.5 14'),
  key: line('M8 11.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10.5 12.5 19 4M15.5 7.5l2.5 2.5'),
  people: line('M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM3 19c.4-3.2 2.8-5 6-5s5.6 1.8 6 5M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.3c2 .7 3.3 2.3 3.5 4.7'),
  stop: solid('M6.5 6.5h11v11h-11z'),
} satisfies Record<string, Drawing>;

export type IconName = keyof typeof icons;

export const drawing = (name: IconName): Drawing => icons[name];
