// Of songs and masters while they are made, in the Studio and in the House.
export const making = {
  stages: {
    Reading: 'Reading',
    Composing: 'Composing',
    Playing: 'Playing',
    Mixing: 'Mixing',
    Mastering: 'Mastering',
    Writing: 'Writing',
    Checking: 'Checking',
    Keeping: 'Keeping',
    Listening: 'Listening',
    Planning: 'Planning',
    Rendering: 'Rendering',
  },
  altered: 'An order that was altered outside the server',
  cancel: 'Cancel',
  notCancelled: 'It was not cancelled',
} as const;
