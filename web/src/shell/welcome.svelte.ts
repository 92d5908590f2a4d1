/** Whether the songs of the starter set are being watched: then the welcome stays. */
class Watched {
  starter = $state(false);
}

export const watched = new Watched();
