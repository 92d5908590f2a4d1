/** What stands beside or above the screens. */
class Panels {
  queue = $state(false);
  help = $state(false);

  toggleQueue(): void {
    this.queue = !this.queue;
  }

  /** Closes what is open; whether anything was. */
  closeTop(): boolean {
    if (!this.queue) return false;
    this.queue = false;
    return true;
  }
}

export const panels = new Panels();
