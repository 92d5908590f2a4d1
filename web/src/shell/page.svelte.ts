/** What the page shows, where that has a name of its own. */
class Page {
  name = $state<string | null>(null);

  /** Names it until what is returned is called. */
  named(name: string): () => void {
    this.name = name;
    return () => {
      if (this.name === name) this.name = null;
    };
  }
}

export const page = new Page();
