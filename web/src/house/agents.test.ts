import { describe, expect, it } from 'vitest';
import { agentLine, agentName } from './agents';

describe('agentName', () => {
  it('calls browsers by their names', () => {
    const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
    expect(agentName(chrome)).toEqual({ browser: 'Chrome', system: 'Linux' });
    expect(agentName(`${chrome} Edg/156.0`)?.browser).toBe('Edge');
    expect(agentName('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1')).toEqual({ browser: 'Safari', system: 'iPhone' });
    expect(agentName('Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/20100101 Firefox/150.0')).toEqual({ browser: 'Firefox', system: 'Windows' });
  });

  it('puts them in one line', () => {
    const on = (browser: string, system: string) => `${browser} on ${system}`;
    expect(agentLine('Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36', on)).toBe('Chrome on Linux');
    expect(agentLine('curl/7.88.1', on)).toBe('curl/7.88.1');
    expect(agentLine('', on)).toBeNull();
  });

  it('tells what it does not know as it is, and not without end', () => {
    expect(agentName('curl/7.88.1')).toEqual({ browser: 'curl/7.88.1', system: null });
    expect(agentName('x'.repeat(5_000))?.browser).toHaveLength(80);
    expect(agentName('  ')).toBeNull();
  });
});
