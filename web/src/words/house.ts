import { counted } from './counted';

export const house = {
  title: 'House',
} as const;
