// One line for each test, the whole story of those that failed, and what was measured.

const STORY_LINES = 40;
const LINE = 600;

export default async function* reporter(source) {
  for await (const { type, data } of source) {
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    else if (type === 'test:pass' && !isFile(data)) yield `ok      ${seconds(data)}  ${data.name}\n`;
    else if (type === 'test:fail') yield `FAILED  ${seconds(data)}  ${data.name}\n${story(data)}\n`;
  }
}

const isFile = ({ name }) => name.endsWith('.mjs');
const seconds = ({ details }) => `${(details.duration_ms / 1_000).toFixed(1).padStart(5)} s`;

function story({ details }) {
  const cause = details.error.cause ?? details.error;
  const lines = String(cause.stack ?? cause).split('\n').slice(0, STORY_LINES);
  return lines.map((line) => `        ${line.slice(0, LINE)}`).join('\n');
}
