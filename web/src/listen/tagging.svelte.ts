import { ApiError, get } from '../api/client';

/** Whether this server writes tags: it says so when asked for what it has written. */
class Tagging {
  isOn = $state(false);

  async find(): Promise<void> {
    try {
      await get('tags/batches');
      this.isOn = true;
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      this.isOn = false;
    }
  }
}

export const tagging = new Tagging();
