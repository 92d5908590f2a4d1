interface Action {
  label: string;
  act: () => void;
}

export interface Toast {
  id: number;
  kind: 'said' | 'failed';
  text: string;
  /** Why it went wrong. */
  cause?: unknown;
  action?: Action;
}

const SHORT_MS = 5_000;
/** What can be undone, and what went wrong, stays longer. */
const LONG_MS = 10_000;
const MOST = 4;

/** Short messages at the foot of the page. */
class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #last = 0;

  /** Only what was done last can be undone: what came before is no more as it was. */
  say(text: string, action?: Action): void {
    if (action) this.list = this.list.filter((toast) => !toast.action);
    this.#show({ kind: 'said', text, action }, action ? LONG_MS : SHORT_MS);
  }

  /** Tells what went wrong, and why: an error, or words. */
  failed(text: string, cause?: unknown): void {
    this.#show({ kind: 'failed', text, cause }, LONG_MS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Does something and tells what went wrong, if it did; whether it went well. */
  async trying(text: string, act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (cause) {
      this.failed(text, cause);
      return false;
    }
  }

  #show(toast: Omit<Toast, 'id'>, lasting: number): void {
    const id = ++this.#last;
    this.list = [...this.list, { ...toast, id }].slice(-MOST);
    setTimeout(() => this.dismiss(id), lasting);
  }
}

export const toasts = new Toasts();
