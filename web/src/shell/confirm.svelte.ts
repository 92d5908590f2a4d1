interface Question {
  title: string;
  text: string;
  /** What is done, on the button. */
  yes: string;
  danger?: boolean;
}

interface Asked extends Question {
  answer: (yes: boolean) => void;
}

/** Asks before something that cannot be undone. */
class Confirm {
  asked = $state.raw<Asked | null>(null);

  ask(question: Question): Promise<boolean> {
    this.asked?.answer(false);
    return new Promise((answer) => {
      this.asked = { ...question, answer };
    });
  }

  answer(yes: boolean): void {
    const { asked } = this;
    this.asked = null;
    asked?.answer(yes);
  }
}

export const confirm = new Confirm();
