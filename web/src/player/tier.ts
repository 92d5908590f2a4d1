// Which of the two ways to play this browser has, and why.

export type Tier = 'exact' | 'stream';

/** Why the exact way is not there. */
export type TierReason = 'insecure' | 'old' | null;

export interface TierFound {
  tier: Tier;
  reason: TierReason;
}

export function findTier(): TierFound {
  if (!window.isSecureContext) return { tier: 'stream', reason: 'insecure' };
  const isThere = 'AudioWorkletNode' in window && 'WebSocket' in window;
  return isThere ? { tier: 'exact', reason: null } : { tier: 'stream', reason: 'old' };
}
