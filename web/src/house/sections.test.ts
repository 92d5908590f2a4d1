import { describe, expect, it } from 'vitest';
import { sectionOf, sectionsFor } from './sections';

describe('sections of the house', () => {
  it('shows a listener nothing the server would refuse', () => {
    const ids = sectionsFor(false).map((section) => section.id);
    expect(ids).toEqual(['overview', 'music', 'jobs', 'account', 'settings']);
    expect(sectionsFor(true)).toHaveLength(9);
  });

  it('leads an address that is none, or not allowed, to the overview', () => {
    expect(sectionOf('audit', true)).toBe('audit');
    expect(sectionOf('audit', false)).toBe('overview');
    expect(sectionOf('log', true)).toBe('log');
    expect(sectionOf('log', false)).toBe('overview');
    expect(sectionOf('nowhere', true)).toBe('overview');
    expect(sectionOf(undefined, true)).toBe('overview');
  });
});
