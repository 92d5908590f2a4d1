/** The name of a stem as it is read: "stems/return-room.wav" is "Return room". */
export function stemName(file: string): string {
  const bare = file.replace(/^.*\//, '').replace(/\.[^.]*$/, '').replace(/[-_]+/g, ' ').trim();
  return `${bare.charAt(0).toUpperCase()}${bare.slice(1)}`;
}
