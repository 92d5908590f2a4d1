import { expect, it } from 'vitest';
import { restBehind } from './rest';

const mark = (item: number): string => String(item);

it('goes on with what is known behind the newest part', () => {
  expect(restBehind([9, 8, 7, 6], [7, 6, 5, 4, 3], mark)).toEqual([5, 4, 3]);
  expect(restBehind([7, 6], [7, 6], mark)).toEqual([]);
});

it('leaves what does not meet it', () => {
  expect(restBehind([9, 8], [5, 4, 3], mark)).toBeUndefined();
  expect(restBehind([9, 8], [], mark)).toBeUndefined();
  expect(restBehind([], [5, 4, 3], mark)).toBeUndefined();
});
