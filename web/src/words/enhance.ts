export const enhance = {
  title: 'Enhance',
} as const;
