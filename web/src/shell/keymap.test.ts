import { describe, expect, it } from 'vitest';
import { keys } from '../words/keys';
import { isOfField, Keymap, PLACES } from './keymap';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

describe('the keyboard', () => {
  it('goes to a place by two keys, and plays on by one', () => {
    const keymap = new Keymap();
    expect(keymap.read(press('n'), 0)).toBe('next');
    expect(keymap.read(press('g'), 100)).toBeNull();
    expect(keymap.read(press('n'), 200)).toBe('go:playing');
    expect(keymap.read(press('n'), 300)).toBe('next');
  });

  it('forgets a g that nothing follows', () => {
    const keymap = new Keymap();
    keymap.read(press('g'), 0);
    expect(keymap.read(press('m'), 5_000)).toBe('mute');
  });

  it('takes nothing away from the browser', () => {
    const keymap = new Keymap();
    expect(keymap.read(press('l', { ctrlKey: true }), 0)).toBeNull();
    expect(keymap.read(press('ArrowLeft', { altKey: true }), 0)).toBeNull();
    expect(keymap.read(press('q', { metaKey: true }), 0)).toBeNull();
  });

  it('leaves fields what they use, and no more', () => {
    expect(['n', ' ', 'ArrowUp', 'Home', 'PageDown'].map((key) => isOfField('range', key))).toEqual([false, false, true, true, true]);
    expect(['n', ' ', 'ArrowUp'].map((key) => isOfField('radio', key))).toEqual([false, true, true]);
    expect(['n', ' ', 'ArrowUp'].map((key) => isOfField('checkbox', key))).toEqual([false, true, false]);
    expect(isOfField('search', 'n')).toBe(true);
  });

  it('tells every place in its help', () => {
    const told = keys.groups.flatMap((group) => group.keys).map(([keys]) => keys.join(' '));
    for (const key of Object.keys(PLACES)) expect(told).toContain(`g ${key}`);
  });
});
