import { describe, expect, it } from 'vitest';
import type { Page } from './client';
import { PagedList } from './paged.svelte';

/** A server with so many numbers, which names pages by what stands before them. */
function server(count: number) {
  const asked: (string | null)[] = [];
  let all = count;
  const ask = (after: string | null, limit: number): Promise<Page<number>> => {
    asked.push(after);
    const from = after === null ? 0 : Number(after) + 1;
    const items = Array.from({ length: Math.max(0, Math.min(limit, all - from)) }, (_, at) => from + at);
    const last = from + items.length - 1;
    return Promise.resolve({ items, next: last + 1 < all ? String(last) : null });
  };
  return { ask, asked, grow: (to: number) => (all = to) };
}

describe('a list in pages', () => {
  it('has what is wanted, and asks for it once', async () => {
    const { ask, asked } = server(95);
    const list = new PagedList(ask, { pageSize: 10 });
    await list.want(0, 25);
    await list.want(5, 30);
    expect(list.at(24)).toBe(24);
    expect(asked).toEqual([null, '9', '19']);
  });

  it('reaches a place far down over what stands before it', async () => {
    const { ask } = server(1_000);
    const list = new PagedList(ask, { pageSize: 10, expected: () => 1_000 });
    expect(list.length).toBe(1_000);
    await list.want(900, 910);
    expect(list.at(905)).toBe(905);
  });

  it('keeps a bounded part, and asks again for what it has forgotten', async () => {
    const { ask, asked } = server(1_000);
    const list = new PagedList(ask, { pageSize: 10, kept: 5 });
    await list.want(0, 10);
    await list.want(990, 1_000);
    expect(list.at(0)).toBeUndefined();
    const before = asked.length;
    await list.want(500, 510);
    expect(list.at(505)).toBe(505);
    expect(asked.length).toBe(before + 1);
  });

  it('knows its length from the end on, whatever was expected', async () => {
    const { ask } = server(95);
    const list = new PagedList(ask, { pageSize: 10, expected: () => 200 });
    expect(list.isCounted).toBe(false);
    await list.want(80, 200);
    expect(list.isCounted).toBe(true);
    expect(list.length).toBe(95);
    expect(list.at(95)).toBeUndefined();
  });

  it('is empty only once that is known', async () => {
    const list = new PagedList(server(0).ask);
    expect(list.isEmpty).toBe(false);
    await list.want(0, 1);
    expect(list.isEmpty).toBe(true);
  });

  it('gives ranges over pages', async () => {
    const list = new PagedList(server(95).ask, { pageSize: 10 });
    expect(await list.range(8, 23)).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22]);
    expect(await list.range(93, 120)).toEqual([93, 94]);
  });

  it('gives a range while something else is looked at, with hardly a page kept', async () => {
    const list = new PagedList(server(500).ask, { pageSize: 10, kept: 2 });
    const range = list.range(300, 450);
    void list.want(0, 10);
    await Promise.resolve();
    void list.want(480, 490);
    expect(await range).toEqual(Array.from({ length: 150 }, (_, at) => 300 + at));
    await list.want(480, 490);
    expect(list.at(485)).toBe(485);
  });

  it('gives the whole of a range that is asked for anew meanwhile', async () => {
    const list = new PagedList(server(95).ask, { pageSize: 10 });
    const range = list.range(0, 95);
    for (let times = 0; times < 5; times += 1) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      void list.refresh();
      await Promise.resolve();
      void list.refresh();
    }
    expect(await range).toEqual(Array.from({ length: 95 }, (_, at) => at));
  });

  it('shows what was there until it is asked for anew', async () => {
    const { ask, grow } = server(15);
    const list = new PagedList(ask, { pageSize: 10 });
    await list.want(0, 15);
    grow(30);
    const fresh = list.refresh();
    expect(list.at(3)).toBe(3);
    await fresh;
    await list.want(0, 30);
    expect(list.length).toBe(30);
    expect(list.at(29)).toBe(29);
  });

  it('moves an item over pages before it is asked for anew', async () => {
    const list = new PagedList(server(30).ask, { pageSize: 10 });
    await list.want(0, 20);
    const all = () => Array.from({ length: 20 }, (_, at) => list.at(at));
    const before = all();
    list.move(2, 13);
    expect([list.at(2), list.at(9), list.at(12), list.at(13), list.at(14)]).toEqual([3, 10, 13, 2, 14]);
    list.move(13, 2);
    expect(all()).toEqual(before);
    list.move(2, 25);
    expect(all()).toEqual(before);
  });

  it('says what went wrong, and comes back', async () => {
    const { ask } = server(20);
    let isBroken = true;
    const list = new PagedList(
      (after, limit) => (isBroken ? Promise.reject(new Error('gone')) : ask(after, limit)),
      { pageSize: 10 },
    );
    await list.want(0, 10);
    expect(list.failure).toEqual(new Error('gone'));
    await expect(list.range(0, 5)).rejects.toThrow('gone');
    isBroken = false;
    await list.want(0, 10);
    expect(list.failure).toBeNull();
    expect(list.at(9)).toBe(9);
  });
});
